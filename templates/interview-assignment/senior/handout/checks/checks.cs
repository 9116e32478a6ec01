// The checks that you have: dotnet run --file checks/checks.cs -- http://localhost:5080 http://localhost:5081
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
        var created = await user.CreateAsync(gadget);
        findings.Status(HttpStatusCode.Created, created);
        findings.That(
            created.Location?.EndsWith($"{User.Gadgets}/{created.Member("id")}", StringComparison.Ordinal) is true,
            $"{created.Request}: Location is the address of the gadget");
        foreach (var instance in (User[])[user, user.AtSecond()])
        {
            var read = await instance.GetAsync($"{User.Gadgets}/{created.Member("id")}");
            findings.Status(HttpStatusCode.OK, read);
            foreach (var member in (string[])["reference", "quantity", "note"])
            {
                findings.That(read.Member(member) == gadget[member]!.ToString(), $"{read.Request}: {member} is what was sent");
            }
        }

        var path = await user.NewGadgetAsync();
        findings.That(path != $"{User.Gadgets}/{created.Member("id")}", "each gadget has an id of its own");
        findings.Status(HttpStatusCode.NotFound, await user.GetAsync($"{User.Gadgets}/999999999"));
    });

    await run.CheckAsync("Validation", 2, "a body or a key that breaks a rule is 400", async findings =>
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
            findings.Refused(await user.CreateAsync(gadget), gadget);
        }

        findings.Refused(await user.MoveAsync(path, "Other"), "Other");
        findings.Refused(await user.CreateAsync(User.Gadget(), Data.Text(65)), "a key of 65 letters");
        findings.Refused(await user.CreateAsync(User.Gadget(), "a key"), "a key that has a space");
    });

    await run.CheckAsync("Validation", 2, "a member that is missing or null is 400", async findings =>
    {
        var user = await users.FirstAsync();
        await user.NewGadgetAsync();
        foreach (var member in (string[])["reference", "quantity"])
        {
            var gadget = User.Gadget();
            gadget[member] = null;
            findings.Refused(await user.CreateAsync(gadget), gadget);
            gadget.Remove(member);
            findings.Refused(await user.CreateAsync(gadget), gadget);
        }
    });

    await run.CheckAsync("Sign-in", 2, "no request works without a token", async findings =>
    {
        var path = await (await users.FirstAsync()).NewGadgetAsync();
        var stranger = users.Stranger();
        findings.Status(HttpStatusCode.Unauthorized, await stranger.GetAsync(User.Gadgets));
        findings.Status(HttpStatusCode.Unauthorized, await stranger.CreateAsync(User.Gadget(), User.NewKey()));
        findings.Status(HttpStatusCode.Unauthorized, await stranger.GetAsync(path));
        findings.Status(HttpStatusCode.Unauthorized, await stranger.MoveAsync(path, "SecondState"));
        findings.Status(HttpStatusCode.Unauthorized, await stranger.GetAsync($"{User.Gadgets}/statistics"));
        findings.Status(HttpStatusCode.Unauthorized, await stranger.ImportAsync([User.Gadget().ToJsonString()]));
    });

    await run.CheckAsync("Owner", 3, "what belongs to another user is 404, and is not listed", async findings =>
    {
        var (user, other) = (await users.FirstAsync(), await users.SecondAsync());
        var reference = Data.Reference();
        var path = await user.NewGadgetAsync(reference);
        findings.Status(HttpStatusCode.NotFound, await other.GetAsync(path));
        findings.Status(HttpStatusCode.NotFound, await other.AtSecond().MoveAsync(path, "SecondState"));
        await other.NewGadgetAsync();
        var (listed, _) = await other.ListAsync();
        findings.That(
            listed.Length > 0 && !listed.Contains(reference),
            $"GET {User.Gadgets}: the gadgets of another user are not listed");
        findings.Status(HttpStatusCode.OK, await user.GetAsync(path));
    });

    await run.CheckAsync("State", 2, "the status moves as it may", async findings =>
    {
        var user = await users.FirstAsync();
        var path = await user.NewGadgetAsync();
        findings.Status(HttpStatusCode.OK, await user.MoveAsync(path, "SecondState"));
        foreach (var status in (string[])["FirstState", "SecondState", "SecondState", "LastState", "LastState"])
        {
            findings.Accepted(await user.MoveAsync(path, status));
        }
    });

    await run.CheckAsync("State", 2, "any other move is 409, and changes nothing", async findings =>
    {
        var user = await users.FirstAsync();
        findings.Status(HttpStatusCode.Conflict, await user.MoveAsync(await user.NewGadgetAsync(), "LastState"));
        var path = await user.NewGadgetAsync(null, "SecondState", "LastState");
        findings.Status(HttpStatusCode.Conflict, await user.AtSecond().MoveAsync(path, "SecondState"));
        findings.Status(HttpStatusCode.Conflict, await user.MoveAsync(path, "FirstState"));
        findings.Accepted(await user.AtSecond().MoveAsync(path, "LastState"));
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
            var query = $"?limit=2{(cursor.Length > 0 ? $"&cursor={Uri.EscapeDataString(cursor)}" : "")}";
            var (page, next) = await user.At(pages.Count).ListAsync(query);
            pages.Add(page);
            cursor = next;
        }

        findings.That(
            pages.Select(page => page.Length).SequenceEqual([2, 2, 1]),
            $"GET {User.Gadgets}: five gadgets make pages of 2, 2 and 1");
        findings.That(
            pages.SelectMany(page => page).SequenceEqual(references),
            $"GET {User.Gadgets}: each gadget is on one page, oldest first, whichever instance answers");
    });

    await run.CheckAsync("Paging", 1, "a page outside the limits is 400", async findings =>
    {
        var user = await users.FirstAsync();
        await user.ListAsync();
        foreach (var query in (string[])["limit=0", "limit=text", $"limit={Limits.MaxPageSize + 1}", "cursor=%20"])
        {
            findings.Status(HttpStatusCode.BadRequest, await user.GetAsync($"{User.Gadgets}?{query}"));
        }
    });

    await run.CheckAsync("Conflict", 2, "a reference that the user has is 409, and another user may have it", async findings =>
    {
        var (user, other) = (await users.FirstAsync(), await users.SecondAsync());
        var reference = Data.Reference();
        await user.NewGadgetAsync(reference);
        findings.Status(HttpStatusCode.Conflict, await user.AtSecond().CreateAsync(User.Gadget(reference)));
        findings.Accepted(await other.CreateAsync(User.Gadget(reference)));
    });

    await run.CheckAsync("Idempotency", 4, "a repeated request gets the same response, and takes effect once", async findings =>
    {
        var user = await users.NewAsync();
        var (gadget, key) = (User.Gadget(), User.NewKey());
        var first = await user.CreateAsync(gadget, key);
        findings.Accepted(first);
        foreach (var instance in (User[])[user, user.AtSecond()])
        {
            findings.SameResponse(first, await instance.CreateAsync(gadget, key));
        }

        findings.That((await user.ListAsync()).References.Length == 1, $"GET {User.Gadgets}: one gadget was created");
    });

    await run.CheckAsync("Idempotency", 3, "a key belongs to one body and to one user", async findings =>
    {
        var (user, other) = (await users.FirstAsync(), await users.SecondAsync());
        var (gadget, key) = (User.Gadget(), User.NewKey());
        var first = await user.CreateAsync(gadget, key);
        foreach (var member in (string[])["reference", "quantity", "note"])
        {
            var changed = gadget.DeepClone();
            changed[member] = User.Gadget()[member]!.DeepClone();
            if (member == "quantity")
            {
                changed[member] = ((int)gadget[member]! % Limits.MaxQuantity) + 1;
            }

            findings.Status(HttpStatusCode.UnprocessableEntity, await user.AtSecond().CreateAsync(changed, key));
        }

        var others = await other.CreateAsync(User.Gadget(), key);
        findings.Accepted(others);
        findings.That(
            first.Succeeded && others.Succeeded && others.Member("id") != first.Member("id"),
            $"{others.Request}: another user may use the same key, and gets a gadget of their own");
    });

    await run.CheckAsync("Idempotency", 4, "of simultaneous requests with one key one takes effect", async findings =>
    {
        var user = await users.NewAsync();
        await findings.RoundsAsync(4, async round =>
        {
            var before = (await user.ListAsync()).References.Length;
            var (gadget, key) = (User.Gadget(), User.NewKey());
            var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(index => user.At(index).CreateAsync(gadget, key)));
            var created = answers.Where(answer => answer.Succeeded).Select(answer => answer.Member("id")).ToArray();
            round.That(
                created.Length > 0 && answers.All(answer => answer.Succeeded || answer.Status == HttpStatusCode.Conflict),
                $"{answers[0].Request}: of ten at once, one is 201 and each other is 201 or 409");
            round.That(created.Distinct().Count() == 1, $"{answers[0].Request}: each 201 of ten at once has the same gadget");
            round.That(
                (await user.ListAsync()).References.Length == before + 1,
                $"GET {User.Gadgets}: ten at once created one gadget");
        });
    });

    await run.CheckAsync("Simultaneous", 4, "of different moves at once one wins", async findings =>
    {
        var user = await users.FirstAsync();
        await findings.RoundsAsync(4, async round =>
        {
            var path = await user.NewGadgetAsync(null, "SecondState");
            string[] states = ["FirstState", "LastState", "LastState", "FirstState"];
            var all = await Task.WhenAll(Enumerable.Range(0, 12).Select(async index =>
                (To: states[index % 4], Answer: await user.At(index).MoveAsync(path, states[index % 4]))));
            var done = all.Where(move => move.Answer.Succeeded).Select(move => move.To).Distinct().ToArray();
            round.That(
                all.All(move => move.Answer.Succeeded || move.Answer.Status == HttpStatusCode.Conflict),
                $"PUT {path}/status: each of twelve at once is 200 or 409");
            round.That(
                done.Length == 1,
                $"PUT {path}/status: from SecondState either FirstState or LastState is 200, and not: {string.Join(", ", done)}");
            var after = await user.AtSecond().MoveAsync(path, "FirstState");
            round.That(
                done is ["FirstState"] ? after.Succeeded : after.Status == HttpStatusCode.Conflict,
                $"{after.Request}: afterward FirstState fits to what won, and is not {(int)after.Status}");
        });
    });

    await run.CheckAsync("Events", 4, "the statistics count each change once, at both instances", async findings =>
    {
        var user = await users.NewAsync();
        findings.That(
            await user.StatisticsAsync() == new Statistics(0, 0, 0),
            $"GET {User.Gadgets}/statistics: a new user has zeros");
        var sum = 0;
        for (var index = 0; index < 4; index++)
        {
            var gadget = User.Gadget();
            sum += (int)gadget["quantity"]!;
            var created = await user.At(index).CreateAsync(gadget);
            var path = $"{User.Gadgets}/{created.Member("id")}";
            await user.MoveAsync(path, "SecondState");
            await (index == 0 ? user.AtSecond().MoveAsync(path, "LastState") : Task.CompletedTask);
        }

        foreach (var instance in (User[])[user, user.AtSecond()])
        {
            var counted = await instance.StatisticsAsync(4, 1);
            findings.That(counted.Created == 4, $"GET {User.Gadgets}/statistics: created is 4, and not {counted.Created}");
            findings.That(counted.Quantity == sum, $"GET {User.Gadgets}/statistics: quantity is {sum}, and not {counted.Quantity}");
            findings.That(counted.Finished == 1, $"GET {User.Gadgets}/statistics: finished is 1, and not {counted.Finished}");
        }
    });

    await run.CheckAsync("Import", 4, "an import creates all rows", async findings =>
    {
        var user = await users.NewAsync();
        var rows = Data.References(5).Select(reference => User.Gadget(reference)).ToArray();
        var imported = await user.ImportAsync([.. rows.Select(row => row.ToJsonString()), ""]);
        findings.Status(HttpStatusCode.OK, imported);
        findings.That(imported.Member("imported") == "5", $"{imported.Request}: imported is 5");
        var (listed, _) = await user.AtSecond().ListAsync();
        findings.That(
            listed.SequenceEqual(rows.Select(row => (string)row["reference"]!)),
            $"GET {User.Gadgets}: the rows are there, in their order");
        findings.Status(HttpStatusCode.UnsupportedMediaType, await user.ImportAsync([User.Gadget().ToJsonString()], "text/csv"));
    });

    await run.CheckAsync("Import", 3, "an import with a row that is wrong creates nothing, and names each of them", async findings =>
    {
        var user = await users.NewAsync();
        var wrong = User.Gadget();
        wrong["quantity"] = 0;
        JsonObject[] rows = [User.Gadget(), wrong, User.Gadget()];
        var refused = await user.ImportAsync([.. rows.Select(row => row.ToJsonString()), "{"]);
        findings.Status(HttpStatusCode.BadRequest, refused);
        var errors = (refused.Json as JsonObject)?["errors"] as JsonObject;
        findings.That(
            errors?.Select(error => error.Key).Order().SequenceEqual(["2", "4"]) is true,
            $"{refused.Request}: errors has the members \"2\" and \"4\", and no others");
        findings.That((await user.ListAsync()).References.Length == 0, $"GET {User.Gadgets}: nothing was created");
    });
}, instances: 2);
