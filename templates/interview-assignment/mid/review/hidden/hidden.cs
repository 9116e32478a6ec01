// The checks that the candidate does not have: dotnet run --file review/hidden/hidden.cs -- http://localhost:5080
using System.Net;
using System.Text.Json.Nodes;

return await CheckRun.MainAsync("Hidden checks", args, async run =>
{
    var users = new Users(run);

    await run.CheckAsync("Owner", 4, "another user finds nothing in version 1 and in attachments", async findings =>
    {
        var (user, other) = (await users.FirstAsync(), await users.SecondAsync());
        var reference = Data.Reference();
        var path = await user.NewGadgetAsync(reference);
        await user.AttachAsync(path, User.Pdf);
        findings.Status(HttpStatusCode.NotFound, await other.GetAsync(User.Old(path)));
        findings.Status(HttpStatusCode.NotFound, await other.GetAsync($"{path}/attachment"));
        findings.Status(HttpStatusCode.NotFound, await other.DeleteAsync($"{path}/attachment"));
        var list = await other.GetAsync(User.OldGadgets);
        findings.That(
            list.Status == HttpStatusCode.OK && !list.Text.Contains(reference, StringComparison.Ordinal),
            $"{list.Request}: the gadgets of another user are not listed");
    });

    await run.CheckAsync("Sign-in", 2, "a token that was changed is 401", async findings =>
    {
        var user = await users.FirstAsync();
        var path = await user.NewGadgetAsync();
        var stranger = users.Stranger(user.Token[..^8] + Data.Text(8));
        findings.Status(HttpStatusCode.Unauthorized, await stranger.GetAsync(path));
        findings.Status(HttpStatusCode.Unauthorized, await stranger.MoveAsync(path, "SecondState"));
    });

    await run.CheckAsync("Validation", 3, "a body that cannot be read is 400, and never 500", async findings =>
    {
        var user = await users.FirstAsync();
        var path = await user.NewGadgetAsync();
        var reference = Data.Reference();
        string[] bodies =
        [
            "",
            "{",
            "null",
            "[]",
            $$"""{"reference":"{{reference}}","quantity":"text"}""",
            $$"""{"reference":"{{reference}}","quantity":1.5}""",
            $$"""{"reference":"{{reference}}","quantity":99999999999}""",
            """{"reference":7,"quantity":1}""",
            $$"""{"reference":"{{reference}}","quantity":1,"note":[1]}""",
        ];
        foreach (var body in bodies)
        {
            findings.Refused(await user.SendAsync(HttpMethod.Post, User.Gadgets, body), body);
        }

        foreach (var body in (string[])["", "{}", """{"status":null}""", """{"status":1}""", """{"status":[]}"""])
        {
            findings.Refused(await user.SendAsync(HttpMethod.Put, $"{path}/status", body), body);
        }
    });

    await run.CheckAsync("Validation", 1, "version 1 keeps the rules", async findings =>
    {
        var user = await users.FirstAsync();
        await user.NewGadgetAsync();
        (string Member, JsonNode? Value)[] wrong = [("reference", "-"), ("quantity", 0), ("quantity", Limits.MaxQuantity + 1)];
        foreach (var (member, value) in wrong)
        {
            var gadget = new JsonObject { ["reference"] = Data.Reference(), ["quantity"] = 1 };
            gadget[member] = value;
            findings.Refused(await user.PostAsync(User.OldGadgets, gadget), gadget);
        }
    });

    await run.CheckAsync("Representation", 2, "the status is text", async findings =>
    {
        var user = await users.FirstAsync();
        var path = await user.NewGadgetAsync();
        findings.That(
            (await user.GetAsync(path)).Json?["status"]?.ToJsonString() == "\"FirstState\"",
            $"GET {path}: a new gadget is \"FirstState\"");
        var moved = await user.MoveAsync(path, "SecondState");
        findings.That(moved.Json?["status"]?.ToJsonString() == "\"SecondState\"", $"{moved.Request}: status is \"SecondState\"");
        findings.That(
            (await user.GetAsync(path)).Json?["status"]?.ToJsonString() == "\"SecondState\"",
            $"GET {path}: status is \"SecondState\"");
    });

    await run.CheckAsync("Representation", 1, "times are of now, with their offset", async findings =>
    {
        var user = await users.FirstAsync();
        var path = await user.NewGadgetAsync(null, "SecondState");
        var history = (await user.GetAsync($"{path}/history")).Json as JsonArray;
        findings.TimeOfNow((await user.GetAsync(path)).Member("createdAt"), $"GET {path}: createdAt");
        findings.TimeOfNow(history?[0]?["at"]?.ToString() ?? "", $"GET {path}/history: at");
    });

    await run.CheckAsync("Representation", 2, "an error is a problem details document", async findings =>
    {
        var user = await users.FirstAsync();
        var path = await user.NewGadgetAsync();
        Answer[] answers =
        [
            await user.GetAsync($"{User.Gadgets}/999999999"),
            await user.PostAsync(User.Gadgets, new JsonObject { ["reference"] = Data.Reference(), ["quantity"] = 0 }),
            await user.MoveAsync(path, "Other"),
            await user.GetAsync($"{User.Gadgets}?limit=0"),
        ];
        foreach (var answer in answers)
        {
            findings.Problem(answer);
        }
    });

    await run.CheckAsync("Simultaneous", 4, "two moves at once make one history", async findings =>
    {
        var user = await users.FirstAsync();
        await findings.RoundsAsync(6, async round =>
        {
            var path = await user.NewGadgetAsync(null, "SecondState");
            string[] states = ["FirstState", "LastState"];
            var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(index => user.MoveAsync(path, states[index % 2])));
            var history = await user.HistoryAsync(path);
            var isChain = history.Length > 1
                && history.Zip(history.Skip(1)).All(pair => pair.First.Split(' ')[1] == pair.Second.Split(' ')[0]);
            round.That(
                isChain, $"GET {path}/history: each move begins where the one before ended. It has: {string.Join(", ", history)}");
            round.That(
                isChain && answers.All(answer => answer.Succeeded || answer.Status == HttpStatusCode.Conflict),
                $"{answers[0].Request}: of ten at once each makes a move or none, and is 200 or 409");
        });
    });

    await run.CheckAsync("Conflict", 2, "of simultaneous gadgets with one reference one is created", async findings =>
    {
        var user = await users.FirstAsync();
        await user.NewGadgetAsync();
        await findings.RoundsAsync(10, async round =>
        {
            var reference = Data.Reference();
            var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => user.PostAsync(User.Gadgets, User.Gadget(reference))));
            var created = answers.Count(answer => answer.Succeeded);
            var refused = answers.Count(answer => answer.Status == HttpStatusCode.Conflict);
            round.That(created == 1, $"POST {User.Gadgets}: one of ten creates %a gadget%, and not {created}");
            round.That(refused == 9, $"POST {User.Gadgets}: nine of ten are 409, and not {refused}");
        });
    });

    await run.CheckAsync("Paging", 2, "the defaults and the ends of paging", async findings =>
    {
        var user = await users.NewAsync();
        findings.That((await user.ListAsync()).References.Length == 0, $"GET {User.Gadgets}: a new user has no gadgets");
        foreach (var reference in Data.References(Limits.DefaultPageSize + 1))
        {
            await user.NewGadgetAsync(reference);
        }

        var (first, next) = await user.ListAsync();
        findings.That(first.Length == Limits.DefaultPageSize, $"GET {User.Gadgets}: a page has {Limits.DefaultPageSize} gadgets");
        findings.That(next is not null, $"GET {User.Gadgets}: there is a next page");
        var (all, end) = await user.ListAsync($"?limit={Limits.MaxPageSize}");
        findings.That(
            all.Length == Limits.DefaultPageSize + 1 && end is null,
            $"GET {User.Gadgets}?limit={Limits.MaxPageSize}: the largest page is allowed");
    });

    await run.CheckAsync("Version 1", 3, "open is false only for LastState", async findings =>
    {
        var user = await users.FirstAsync();
        var path = await user.NewGadgetAsync();
        foreach (var (status, open) in ((string, string)[])[("SecondState", "true"), ("LastState", "false")])
        {
            await user.MoveAsync(path, status);
            var old = await user.GetAsync(User.Old(path));
            findings.That(old.Json?["open"]?.ToJsonString() == open, $"{old.Request}: open is {open} for {status}");
        }

        var list = await user.GetAsync(User.OldGadgets);
        findings.That(
            list.Json is JsonArray { Count: > 0 and <= Limits.MaxPageSize },
            $"{list.Request}: the response is an array of at most {Limits.MaxPageSize}");
    });

    await run.CheckAsync("Attachment", 2, "the type is that of the content", async findings =>
    {
        var user = await users.FirstAsync();
        var path = await user.NewGadgetAsync();
        findings.Accepted(await user.AttachAsync(path, User.Png, "text/html", "page.html"));
        var read = await user.GetAsync($"{path}/attachment");
        findings.That(read.ContentType == "image/png", $"{read.Request}: the type is image/png, and not {read.ContentType}");
    });

    await run.CheckAsync("Attachment", 2, "the attachment of what is LastState stays", async findings =>
    {
        var user = await users.FirstAsync();
        var path = await user.NewGadgetAsync();
        findings.Accepted(await user.AttachAsync(path, User.Pdf));
        await user.MoveAsync(path, "SecondState");
        await user.MoveAsync(path, "LastState");
        findings.Status(HttpStatusCode.Conflict, await user.AttachAsync(path, User.Png));
        findings.Status(HttpStatusCode.Conflict, await user.DeleteAsync($"{path}/attachment"));
    });
});
