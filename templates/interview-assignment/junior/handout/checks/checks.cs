// The checks that you have: dotnet run --file checks/checks.cs -- http://localhost:5080
// They know only the contract. Each makes its own random data, so they can run again and again on the same database.
using System.Net;
using System.Text.Json.Nodes;

return await CheckRun.MainAsync("Checks", args, async run =>
{
    var client = new Client(run);

    await run.CheckAsync("Resource", 2, "a keeper can be created and read", async findings =>
    {
        var name = Data.Text(12);
        var created = await client.CreateKeeperAsync(name);
        findings.Status(HttpStatusCode.Created, created);
        findings.That(created.Location is not null, $"{created.Request}: the response has a Location header");
        findings.That(created.Member("name") == name, $"{created.Request}: the response has the name");
        var read = await client.GetAsync($"/api/v2/keepers/{created.Member("id")}");
        findings.Status(HttpStatusCode.OK, read);
        findings.That(read.Member("name") == name, $"{read.Request}: the response has the name");
        await client.NewKeeperAsync();
    });

    await run.CheckAsync("Resource", 2, "%a gadget% can be created and read", async findings =>
    {
        var gadgets = await client.NewKeeperAsync();
        var gadget = Client.Gadget();
        var created = await client.PostAsync(gadgets, gadget);
        var path = await client.NewGadgetAsync(gadgets);
        findings.Status(HttpStatusCode.Created, created);
        findings.That(
            created.Location?.EndsWith($"{gadgets}/{created.Member("id")}", StringComparison.Ordinal) is true,
            $"{created.Request}: Location is the address of the gadget");
        var read = await client.GetAsync($"{gadgets}/{created.Member("id")}");
        findings.Status(HttpStatusCode.OK, read);
        foreach (var member in (string[])["reference", "quantity", "note"])
        {
            findings.That(read.Member(member) == gadget[member]!.ToString(), $"{read.Request}: {member} is what was sent");
        }

        findings.That(
            gadgets.EndsWith($"/{read.Member("keeperId")}/gadgets", StringComparison.Ordinal),
            $"{read.Request}: keeperId is the id of the keeper");
        findings.That(path != $"{gadgets}/{created.Member("id")}", "each gadget has an id of its own");
    });

    await run.CheckAsync("Resource", 3, "%a gadget% can be replaced", async findings =>
    {
        var path = await client.NewGadgetAsync(await client.NewKeeperAsync());
        var gadget = Client.Gadget("SecondState", null);
        gadget.Remove("note");
        findings.Status(HttpStatusCode.OK, await client.PutAsync(path, gadget));
        var read = await client.GetAsync(path);
        findings.That(read.Member("quantity") == gadget["quantity"]!.ToString(), $"{read.Request}: quantity is the new one");
        findings.That(read.Member("note").Length == 0, $"{read.Request}: a note that is left out is removed");
    });

    await run.CheckAsync("Resource", 2, "%a gadget% can be deleted", async findings =>
    {
        var path = await client.NewGadgetAsync(await client.NewKeeperAsync());
        findings.Status(HttpStatusCode.NoContent, await client.DeleteAsync(path));
        findings.Status(HttpStatusCode.NotFound, await client.GetAsync(path));
        findings.Status(HttpStatusCode.NotFound, await client.DeleteAsync(path));
    });

    await run.CheckAsync("Parent", 3, "a keeper that does not exist is 404", async findings =>
    {
        await client.NewGadgetAsync(await client.NewKeeperAsync());
        const string Missing = "/api/v2/keepers/999999999";
        findings.Status(HttpStatusCode.NotFound, await client.GetAsync(Missing));
        findings.Status(HttpStatusCode.NotFound, await client.GetAsync($"{Missing}/gadgets"));
        findings.Status(HttpStatusCode.NotFound, await client.PostAsync($"{Missing}/gadgets", Client.Gadget()));
    });

    await run.CheckAsync("Validation", 3, "a body that breaks a rule is 400", async findings =>
    {
        var gadgets = await client.NewKeeperAsync();
        await client.NewGadgetAsync(gadgets);
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
            var gadget = Client.Gadget();
            gadget[member] = value;
            findings.Refused(await client.PostAsync(gadgets, gadget), gadget);
        }

        findings.Refused(await client.CreateKeeperAsync(""), "an empty name");
        findings.Refused(await client.CreateKeeperAsync(Data.Text(Limits.MaxName + 1)), "a name that is too long");
    });

    await run.CheckAsync("Validation", 2, "a member that is missing or null is 400", async findings =>
    {
        var gadgets = await client.NewKeeperAsync();
        await client.NewGadgetAsync(gadgets);
        foreach (var member in (string[])["reference", "quantity"])
        {
            var gadget = Client.Gadget();
            gadget[member] = null;
            findings.Refused(await client.PostAsync(gadgets, gadget), gadget);
            gadget.Remove(member);
            findings.Refused(await client.PostAsync(gadgets, gadget), gadget);
        }
    });

    await run.CheckAsync("Validation", 1, "a value on the limit is accepted", async findings =>
    {
        var gadgets = await client.NewKeeperAsync();
        (string Member, JsonNode? Value)[] right =
            [("quantity", 1), ("quantity", Limits.MaxQuantity), ("note", Data.Text(Limits.MaxNote)), ("note", null)];
        foreach (var (member, value) in right)
        {
            var gadget = Client.Gadget();
            gadget[member] = value;
            findings.Accepted(await client.PostAsync(gadgets, gadget));
        }

        findings.Accepted(await client.CreateKeeperAsync(Data.Text(Limits.MaxName)));
    });

    await run.CheckAsync("Representation", 2, "the status is text, and a new gadget is FirstState", async findings =>
    {
        var gadgets = await client.NewKeeperAsync();
        var path = await client.NewGadgetAsync(gadgets);
        findings.That(
            (await client.GetAsync(path)).Json?["status"]?.ToJsonString() == "\"FirstState\"",
            $"GET {path}: status is \"FirstState\"");
        await client.PutAsync(path, Client.Gadget("SecondState", null));
        findings.That(
            (await client.GetAsync(path)).Json?["status"]?.ToJsonString() == "\"SecondState\"",
            $"GET {path}: status is \"SecondState\" after the change");
    });

    await run.CheckAsync("Filter", 3, "the list can be filtered by status", async findings =>
    {
        var gadgets = await client.NewKeeperAsync();
        var references = Data.References(3);
        await client.NewGadgetAsync(gadgets, references[0]);
        await client.NewGadgetAsync(gadgets, references[1], "SecondState");
        await client.NewGadgetAsync(gadgets, references[2], "LastState");
        string[] states = ["FirstState", "SecondState", "LastState"];
        foreach (var (status, reference) in states.Zip(references))
        {
            var found = await client.ListAsync($"{gadgets}?status={status}");
            findings.That(
                found.SequenceEqual([reference]),
                $"GET {gadgets}?status={status}: only the gadget in that state is listed");
        }
    });

    await run.CheckAsync("Paging", 3, "pages leave nothing out and repeat nothing", async findings =>
    {
        var gadgets = await client.NewKeeperAsync();
        var references = Data.References(5);
        foreach (var reference in references)
        {
            await client.NewGadgetAsync(gadgets, reference);
        }

        string[][] pages =
        [
            await client.ListAsync($"{gadgets}?page=1&pageSize=2"),
            await client.ListAsync($"{gadgets}?page=2&pageSize=2"),
            await client.ListAsync($"{gadgets}?page=3&pageSize=2"),
        ];
        findings.That(
            pages.Select(page => page.Length).SequenceEqual([2, 2, 1]),
            $"GET {gadgets}: five gadgets make pages of 2, 2 and 1");
        findings.That(
            pages.SelectMany(page => page).Order().SequenceEqual(references.Order()),
            $"GET {gadgets}: each gadget is on one page");
        var total = (await client.GetAsync($"{gadgets}?page=1&pageSize=2")).Member("total");
        findings.That(total == "5", $"GET {gadgets}: total is 5, and not {total}");
    });

    await run.CheckAsync("Paging", 1, "a page outside the limits is 400", async findings =>
    {
        var gadgets = await client.NewKeeperAsync();
        await client.ListAsync(gadgets);
        foreach (var query in (string[])["page=0", "page=-1", "page=text", "pageSize=0", "pageSize=text"])
        {
            findings.Status(HttpStatusCode.BadRequest, await client.GetAsync($"{gadgets}?{query}"));
        }
    });

    await run.CheckAsync("Paging", 1, "nobody gets everything at once", async findings =>
    {
        var gadgets = await client.NewKeeperAsync();
        await client.ListAsync(gadgets);
        findings.Status(HttpStatusCode.BadRequest, await client.GetAsync($"{gadgets}?pageSize={Limits.MaxPageSize + 1}"));
        findings.Status(HttpStatusCode.BadRequest, await client.GetAsync($"{gadgets}?pageSize=1000000"));
    });

    await run.CheckAsync("Order", 2, "the list is in ascending order of the reference", async findings =>
    {
        var gadgets = await client.NewKeeperAsync();
        var sorted = Data.References(6).Order(StringComparer.Ordinal).ToArray();

        // Neither as they are created nor the other way round.
        foreach (var (_, reference) in sorted.Index().OrderBy(one => one.Index % 2 == 0))
        {
            await client.NewGadgetAsync(gadgets, reference);
        }

        findings.That((await client.ListAsync(gadgets)).SequenceEqual(sorted), $"GET {gadgets}: the references ascend");
    });

    await run.CheckAsync("Conflict", 3, "a reference that the keeper has is 409", async findings =>
    {
        var gadgets = await client.NewKeeperAsync();
        var reference = Data.Reference();
        await client.NewGadgetAsync(gadgets, reference);
        findings.Status(HttpStatusCode.Conflict, await client.PostAsync(gadgets, Client.Gadget(reference)));
    });

    await run.CheckAsync("Final state", 3, "%a gadget% that is LastState does not change", async findings =>
    {
        var gadgets = await client.NewKeeperAsync();
        var references = Data.References(2);
        var path = await client.NewGadgetAsync(gadgets, references[0], "LastState");
        var before = (await client.GetAsync(path)).Member("status");
        findings.Status(HttpStatusCode.Conflict, await client.PutAsync(path, Client.Gadget("FirstState", references[0])));
        var read = await client.GetAsync(path);
        findings.That(read.Succeeded && read.Member("status") == before, $"{read.Request}: the status has not changed");
        path = await client.NewGadgetAsync(gadgets, references[1], "LastState");
        findings.Status(HttpStatusCode.Conflict, await client.DeleteAsync(path));
        findings.Status(HttpStatusCode.OK, await client.GetAsync(path));
    });
});
