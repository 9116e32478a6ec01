// The checks that the candidate does not have: dotnet run --file review/hidden/hidden.cs -- http://localhost:5080
using System.Net;
using System.Text;
using System.Text.Json.Nodes;

return await CheckRun.MainAsync("Hidden checks", args, async run =>
{
    var client = new Client(run);

    await run.CheckAsync("Parent", 2, "%a gadget% is found only at its own keeper", async findings =>
    {
        var gadgets = await client.NewKeeperAsync();
        var path = await client.NewGadgetAsync(gadgets);
        var other = await client.NewKeeperAsync();
        var elsewhere = other + path[path.LastIndexOf('/')..];
        findings.Status(HttpStatusCode.NotFound, await client.GetAsync(elsewhere));
        findings.Status(HttpStatusCode.NotFound, await client.PutAsync(elsewhere, Client.Gadget("FirstState", null)));
        findings.Status(HttpStatusCode.NotFound, await client.DeleteAsync(elsewhere));
        findings.That((await client.ListAsync(other)).Length == 0, $"GET {other}: the gadgets of another keeper are not listed");
        findings.Status(HttpStatusCode.OK, await client.GetAsync(path));
    });

    await run.CheckAsync("Validation", 4, "a body that cannot be read is 400, and never 500", async findings =>
    {
        var gadgets = await client.NewKeeperAsync();
        await client.NewGadgetAsync(gadgets);
        var reference = Data.Reference();
        string[] bodies =
        [
            "",
            "{",
            "null",
            "[]",
            "\"text\"",
            $$"""{"reference":"{{reference}}","quantity":"text"}""",
            $$"""{"reference":"{{reference}}","quantity":1.5}""",
            $$"""{"reference":"{{reference}}","quantity":99999999999}""",
            """{"reference":7,"quantity":1}""",
            $$"""{"reference":"{{reference}}","quantity":1,"note":[1]}""",
        ];
        foreach (var body in bodies)
        {
            var content = new StringContent(body, Encoding.UTF8, "application/json");
            findings.Refused(await run.SendAsync(HttpMethod.Post, gadgets, content), body);
        }
    });

    await run.CheckAsync("Validation", 2, "a replacement keeps the rules", async findings =>
    {
        var path = await client.NewGadgetAsync(await client.NewKeeperAsync());
        (string Member, JsonNode? Value)[] wrong =
        [
            ("reference", "-"),
            ("quantity", 0),
            ("quantity", Limits.MaxQuantity + 1),
            ("note", Data.Text(Limits.MaxNote + 1)),
            ("status", "Other"),
            ("status", null),
        ];
        foreach (var (member, value) in wrong)
        {
            var gadget = Client.Gadget("SecondState", null);
            gadget[member] = value;
            findings.Refused(await client.PutAsync(path, gadget), gadget);
        }
    });

    await run.CheckAsync("Representation", 1, "createdAt is a time of now, with its offset", async findings =>
    {
        var path = await client.NewGadgetAsync(await client.NewKeeperAsync());
        findings.TimeOfNow((await client.GetAsync(path)).Member("createdAt"), $"GET {path}: createdAt");
    });

    await run.CheckAsync("Representation", 2, "an error is a problem details document", async findings =>
    {
        var gadgets = await client.NewKeeperAsync();
        await client.NewGadgetAsync(gadgets);
        Answer[] answers =
        [
            await client.GetAsync($"{gadgets}/999999999"),
            await client.PostAsync(gadgets, new JsonObject { ["reference"] = Data.Reference(), ["quantity"] = 0 }),
            await client.GetAsync($"{gadgets}?page=0"),
        ];
        foreach (var answer in answers)
        {
            findings.Problem(answer);
        }
    });

    await run.CheckAsync("Filter", 2, "total counts what the filter lets through", async findings =>
    {
        var gadgets = await client.NewKeeperAsync();
        var references = Data.References(4);
        foreach (var reference in references[..3])
        {
            await client.NewGadgetAsync(gadgets, reference);
        }

        await client.NewGadgetAsync(gadgets, references[3], "SecondState");
        var answer = await client.GetAsync($"{gadgets}?status=FirstState&page=2&pageSize=2");
        findings.That(answer.Member("total") == "3", $"{answer.Request}: total is 3, and not {answer.Member("total")}");
        findings.Status(HttpStatusCode.BadRequest, await client.GetAsync($"{gadgets}?status=Other"));
    });

    await run.CheckAsync("Paging", 2, "the defaults and the ends of paging", async findings =>
    {
        var gadgets = await client.NewKeeperAsync();
        foreach (var reference in Data.References(Limits.DefaultPageSize + 1))
        {
            await client.NewGadgetAsync(gadgets, reference);
        }

        findings.That(
            (await client.ListAsync(gadgets)).Length == Limits.DefaultPageSize,
            $"GET {gadgets}: a page has {Limits.DefaultPageSize} gadgets");
        findings.That(
            (await client.ListAsync($"{gadgets}?pageSize={Limits.MaxPageSize}")).Length == Limits.DefaultPageSize + 1,
            $"GET {gadgets}?pageSize={Limits.MaxPageSize}: the largest page is allowed");
        findings.That((await client.ListAsync($"{gadgets}?page=1000")).Length == 0, $"GET {gadgets}?page=1000: the page is empty");
        findings.That(
            (await client.ListAsync($"{gadgets}?page=2147483647")).Length == 0,
            $"GET {gadgets}?page=2147483647: the page is empty");
    });

    await run.CheckAsync("Order", 1, "a changed reference moves the gadget", async findings =>
    {
        var gadgets = await client.NewKeeperAsync();
        var sorted = Data.References(3).Order(StringComparer.Ordinal).ToArray();
        await client.NewGadgetAsync(gadgets, sorted[1]);
        var path = await client.NewGadgetAsync(gadgets, sorted[0]);
        await client.PutAsync(path, Client.Gadget("FirstState", sorted[2]));
        findings.That(
            (await client.ListAsync(gadgets)).SequenceEqual(sorted[1..]),
            $"GET {gadgets}: the references ascend after a change");
    });

    await run.CheckAsync("Conflict", 2, "of simultaneous gadgets with one reference one is created", async findings =>
    {
        var gadgets = await client.NewKeeperAsync();
        await client.NewGadgetAsync(gadgets);
        await findings.RoundsAsync(10, async round =>
        {
            var reference = Data.Reference();
            var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => client.PostAsync(gadgets, Client.Gadget(reference))));
            var created = answers.Count(answer => answer.Succeeded);
            var refused = answers.Count(answer => answer.Status == HttpStatusCode.Conflict);
            round.That(created == 1, $"POST {gadgets}: one of ten creates %a gadget%, and not {created}");
            round.That(refused == 9, $"POST {gadgets}: nine of ten are 409, and not {refused}");
        });
    });

    await run.CheckAsync("Conflict", 2, "a reference is unique within its keeper, also when it changes", async findings =>
    {
        var gadgets = await client.NewKeeperAsync();
        var references = Data.References(2);
        await client.NewGadgetAsync(gadgets, references[0]);
        var path = await client.NewGadgetAsync(gadgets, references[1]);
        findings.Status(HttpStatusCode.Conflict, await client.PutAsync(path, Client.Gadget("FirstState", references[0])));
        findings.Accepted(await client.PutAsync(path, Client.Gadget("FirstState", references[1])));
        findings.Accepted(await client.PostAsync(await client.NewKeeperAsync(), Client.Gadget(references[0])));
    });
});
