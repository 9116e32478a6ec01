// The checks that you have: dotnet run --file checks/checks.cs -- http://localhost:5080
// They know only the contract. Each makes its own random data, so they can run again and again on the same database.
using System.Net;
using System.Text.Json.Nodes;

return await CheckRun.MainAsync("Checks", args, async run =>
{
    var users = new Users(run);

    await run.CheckAsync("Resource", 3, "%a gadget% can be created and read", async findings =>
    {
        var user = await users.FirstAsync();
        var gadget = User.Gadget();
        var created = await user.PostAsync(User.Gadgets, gadget);
        var path = await user.NewGadgetAsync();
        findings.Status(HttpStatusCode.Created, created);
        findings.That(
            created.Location?.EndsWith($"{User.Gadgets}/{created.Member("id")}", StringComparison.Ordinal) is true,
            $"{created.Request}: Location is the address of the gadget");
        var read = await user.GetAsync($"{User.Gadgets}/{created.Member("id")}");
        findings.Status(HttpStatusCode.OK, read);
        foreach (var member in (string[])["reference", "quantity", "note"])
        {
            findings.That(read.Member(member) == gadget[member]!.ToString(), $"{read.Request}: {member} is what was sent");
        }

        findings.That(path != $"{User.Gadgets}/{created.Member("id")}", "each gadget has an id of its own");
        findings.Status(HttpStatusCode.NotFound, await user.GetAsync($"{User.Gadgets}/999999999"));
    });

    await run.CheckAsync("Validation", 3, "a body that breaks a rule is 400", async findings =>
    {
        var user = await users.FirstAsync();
        var path = await user.NewGadgetAsync();
        (string Member, JsonNode? Value)[] wrong =
        [
            ("reference", ""),
            ("reference", Data.Reference().ToLowerInvariant()),
            ("reference", Data.Reference() + "0"),
            ("quantity", 0),
            ("quantity", Limits.MaxQuantity + 1),
            ("note", Data.Text(Limits.MaxNote + 1)),
        ];
        foreach (var (member, value) in wrong)
        {
            var gadget = User.Gadget();
            gadget[member] = value;
            findings.Refused(await user.PostAsync(User.Gadgets, gadget), gadget);
        }

        findings.Refused(await user.MoveAsync(path, "Other"), "Other");
    });

    await run.CheckAsync("Validation", 2, "a member that is missing or null is 400", async findings =>
    {
        var user = await users.FirstAsync();
        await user.NewGadgetAsync();
        foreach (var member in (string[])["reference", "quantity"])
        {
            var gadget = User.Gadget();
            gadget[member] = null;
            findings.Refused(await user.PostAsync(User.Gadgets, gadget), gadget);
            gadget.Remove(member);
            findings.Refused(await user.PostAsync(User.Gadgets, gadget), gadget);
        }
    });

    await run.CheckAsync("Validation", 1, "a value on the limit is accepted", async findings =>
    {
        var user = await users.FirstAsync();
        await user.NewGadgetAsync();
        (string Member, JsonNode? Value)[] right =
            [("quantity", 1), ("quantity", Limits.MaxQuantity), ("note", Data.Text(Limits.MaxNote)), ("note", null)];
        foreach (var (member, value) in right)
        {
            var gadget = User.Gadget();
            gadget[member] = value;
            findings.Accepted(await user.PostAsync(User.Gadgets, gadget));
        }
    });

    await run.CheckAsync("Sign-in", 3, "no request works without a token", async findings =>
    {
        var path = await (await users.FirstAsync()).NewGadgetAsync();
        var stranger = users.Stranger();
        findings.Status(HttpStatusCode.Unauthorized, await stranger.GetAsync(User.Gadgets));
        findings.Status(HttpStatusCode.Unauthorized, await stranger.PostAsync(User.Gadgets, User.Gadget()));
        findings.Status(HttpStatusCode.Unauthorized, await stranger.GetAsync(path));
        findings.Status(HttpStatusCode.Unauthorized, await stranger.MoveAsync(path, "SecondState"));
        findings.Status(HttpStatusCode.Unauthorized, await stranger.GetAsync($"{path}/history"));
        findings.Status(HttpStatusCode.Unauthorized, await stranger.GetAsync($"{path}/attachment"));
        findings.Status(HttpStatusCode.Unauthorized, await stranger.AttachAsync(path, User.Pdf));
        findings.Status(HttpStatusCode.Unauthorized, await stranger.GetAsync(User.OldGadgets));
        findings.Status(HttpStatusCode.Unauthorized, await stranger.GetAsync(User.Old(path)));
    });

    await run.CheckAsync("Owner", 5, "what belongs to another user is 404, and is not listed", async findings =>
    {
        var (user, other) = (await users.FirstAsync(), await users.SecondAsync());
        var reference = Data.Reference();
        var path = await user.NewGadgetAsync(reference);
        findings.Status(HttpStatusCode.NotFound, await other.GetAsync(path));
        findings.Status(HttpStatusCode.NotFound, await other.MoveAsync(path, "SecondState"));
        findings.Status(HttpStatusCode.NotFound, await other.GetAsync($"{path}/history"));
        findings.Status(HttpStatusCode.NotFound, await other.AttachAsync(path, User.Pdf));
        await other.NewGadgetAsync();
        var (listed, _) = await other.ListAsync();
        findings.That(
            listed.Length > 0 && !listed.Contains(reference),
            $"GET {User.Gadgets}: the gadgets of another user are not listed");
        findings.Status(HttpStatusCode.OK, await user.GetAsync(path));
    });

    await run.CheckAsync("State", 4, "the status moves as it may, and each move is in the history", async findings =>
    {
        var user = await users.FirstAsync();
        var path = await user.NewGadgetAsync();
        findings.Status(HttpStatusCode.OK, await user.MoveAsync(path, "SecondState"));
        foreach (var status in (string[])["FirstState", "SecondState", "SecondState", "LastState", "LastState"])
        {
            findings.Accepted(await user.MoveAsync(path, status));
        }

        var history = await user.HistoryAsync(path);
        findings.That(
            history.SequenceEqual(["FirstState SecondState", "SecondState FirstState", "FirstState SecondState", "SecondState LastState"]),
            $"GET {path}/history: the four moves are there, oldest first, and no others. It has: {string.Join(", ", history)}");
    });

    await run.CheckAsync("State", 3, "any other move is 409, and changes nothing", async findings =>
    {
        var user = await users.FirstAsync();
        var path = await user.NewGadgetAsync();
        findings.Status(HttpStatusCode.Conflict, await user.MoveAsync(path, "LastState"));
        findings.That((await user.HistoryAsync(path)).Length == 0, $"GET {path}/history: a refused move is not there");
        path = await user.NewGadgetAsync(null, "SecondState", "LastState");
        findings.Status(HttpStatusCode.Conflict, await user.MoveAsync(path, "FirstState"));
        findings.Status(HttpStatusCode.Conflict, await user.MoveAsync(path, "SecondState"));
        findings.That((await user.HistoryAsync(path)).Length == 2, $"GET {path}/history: a refused move is not there");
    });

    await run.CheckAsync("Simultaneous", 5, "a move that many ask for at once is made once", async findings =>
    {
        var user = await users.FirstAsync();
        await findings.RoundsAsync(6, async round =>
        {
            var path = await user.NewGadgetAsync();
            var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => user.MoveAsync(path, "SecondState")));
            var history = await user.HistoryAsync(path);
            round.That(history.Length == 1, $"GET {path}/history: after ten at once there is one move, and not {history.Length}");

            // Good answers are worth nothing beside a wrong history.
            round.That(
                history.Length == 1 && answers.All(answer => answer.Succeeded || answer.Status == HttpStatusCode.Conflict),
                $"{answers[0].Request}: of ten at once one makes the move, and each is 200 or 409");
        });
    });

    await run.CheckAsync("Paging", 3, "pages leave nothing out and repeat nothing", async findings =>
    {
        var user = await users.NewAsync();
        var references = Data.References(5);
        foreach (var reference in references)
        {
            await user.NewGadgetAsync(reference);
        }

        var pages = new List<string[]>();
        for (string? cursor = ""; cursor is not null && pages.Count < 9;)
        {
            var (page, next) = await user.ListAsync($"?limit=2{(cursor.Length > 0 ? $"&cursor={Uri.EscapeDataString(cursor)}" : "")}");
            pages.Add(page);
            cursor = next;
        }

        findings.That(
            pages.Select(page => page.Length).SequenceEqual([2, 2, 1]),
            $"GET {User.Gadgets}: five gadgets make pages of 2, 2 and 1");
        findings.That(
            pages.SelectMany(page => page).SequenceEqual(references),
            $"GET {User.Gadgets}: each gadget is on one page, oldest first");
    });

    await run.CheckAsync("Paging", 1, "a page outside the limits is 400", async findings =>
    {
        var user = await users.FirstAsync();
        await user.ListAsync();
        foreach (var query in (string[])["limit=0", "limit=-1", "limit=text", "cursor=%20"])
        {
            findings.Status(HttpStatusCode.BadRequest, await user.GetAsync($"{User.Gadgets}?{query}"));
        }
    });

    await run.CheckAsync("Paging", 1, "nobody gets everything at once", async findings =>
    {
        var user = await users.FirstAsync();
        await user.ListAsync();
        findings.Status(HttpStatusCode.BadRequest, await user.GetAsync($"{User.Gadgets}?limit={Limits.MaxPageSize + 1}"));
        findings.Status(HttpStatusCode.BadRequest, await user.GetAsync($"{User.Gadgets}?limit=1000000"));
    });

    await run.CheckAsync("Conflict", 3, "a reference that the user has is 409, and another user may have it", async findings =>
    {
        var (user, other) = (await users.FirstAsync(), await users.SecondAsync());
        var reference = Data.Reference();
        await user.NewGadgetAsync(reference);
        findings.Status(HttpStatusCode.Conflict, await user.PostAsync(User.Gadgets, User.Gadget(reference)));
        findings.Accepted(await other.PostAsync(User.Gadgets, User.Gadget(reference)));
    });

    await run.CheckAsync("Version 1", 4, "both versions show the same gadgets, each in its own form", async findings =>
    {
        var user = await users.FirstAsync();
        var gadget = User.Gadget();
        var created = await user.PostAsync(User.Gadgets, gadget);
        var old = await user.GetAsync(User.Old($"/{created.Member("id")}"));
        findings.Status(HttpStatusCode.OK, old);
        var members = (old.Json as JsonObject)?.Select(member => member.Key).ToHashSet();
        findings.That(
            members?.SetEquals(["id", "reference", "quantity", "open"]) is true,
            $"{old.Request}: the members are id, reference, quantity and open, and no others");
        foreach (var member in (string[])["reference", "quantity"])
        {
            findings.That(old.Member(member) == gadget[member]!.ToString(), $"{old.Request}: {member} is that of version 2");
        }

        findings.That(old.Json?["open"]?.ToJsonString() == "true", $"{old.Request}: open is true");
        gadget = User.Gadget();
        gadget.Remove("note");
        created = await user.PostAsync(User.OldGadgets, gadget);
        findings.Status(HttpStatusCode.Created, created);
        findings.That(
            created.Location?.EndsWith($"{User.OldGadgets}/{created.Member("id")}", StringComparison.Ordinal) is true,
            $"{created.Request}: Location is the address in version 1");
        var read = await user.GetAsync($"{User.Gadgets}/{created.Member("id")}");
        findings.That(
            read.Member("reference") == gadget["reference"]!.ToString(),
            $"{read.Request}: version 2 shows what version 1 created");
    });

    await run.CheckAsync("Attachment", 4, "an attachment can be stored, replaced, read and removed", async findings =>
    {
        var user = await users.FirstAsync();
        var path = await user.NewGadgetAsync();
        findings.Status(HttpStatusCode.NoContent, await user.AttachAsync(path, User.Png, "image/png", "file.png"));
        findings.Accepted(await user.AttachAsync(path, User.Pdf));
        var read = await user.GetAsync($"{path}/attachment");
        findings.That(
            read.Status == HttpStatusCode.OK && read.Bytes.AsSpan().SequenceEqual(User.Pdf),
            $"{read.Request}: the response is the last file");
        findings.That(
            read.ContentType == "application/pdf",
            $"{read.Request}: the type is application/pdf, and not {read.ContentType}");
        findings.Status(HttpStatusCode.NoContent, await user.DeleteAsync($"{path}/attachment"));
        var again = await user.GetAsync($"{path}/attachment");
        findings.That(
            read.Status == HttpStatusCode.OK && again.Status == HttpStatusCode.NotFound,
            $"{read.Request}: 404 after it was removed");
    });

    await run.CheckAsync("Attachment", 2, "only PDF and PNG are accepted, by the content", async findings =>
    {
        var user = await users.FirstAsync();
        var path = await user.NewGadgetAsync();
        findings.Status(HttpStatusCode.UnsupportedMediaType, await user.AttachAsync(path, [.. "<html></html>"u8]));
        findings.Status(HttpStatusCode.UnsupportedMediaType, await user.AttachAsync(path, [.. "MZ and so on"u8], "image/png", "file.png"));
        findings.Refused(await user.AttachAsync(path, []), "an empty file");
    });

    await run.CheckAsync("Attachment", 2, "the size is limited", async findings =>
    {
        var user = await users.FirstAsync();
        var path = await user.NewGadgetAsync();
        byte[] largest = [.. User.Pdf, .. new byte[Limits.MaxAttachment - User.Pdf.Length]];
        findings.Accepted(await user.AttachAsync(path, largest));
        findings.Status(HttpStatusCode.RequestEntityTooLarge, await user.AttachAsync(path, [.. largest, 0]));
        findings.Status(HttpStatusCode.RequestEntityTooLarge, await user.AttachAsync(path, [.. User.Pdf, .. new byte[900 * 1024]]));
    });
});
