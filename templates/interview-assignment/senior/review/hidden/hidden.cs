// The checks that the candidate does not have:
//   dotnet run --file review/hidden/hidden.cs -- http://localhost:5080 http://localhost:5081
// Then end both instances, start them again, and run it with --after-restart too.
using System.Net;
using System.Text.Json.Nodes;

var output = args.SkipWhile(word => word != "--output").ElementAtOrDefault(1) ?? "TestResults";
var stateFile = Path.Combine(output, "before-restart.json");
if (args.Contains("--after-restart"))
{
    string[] others = [.. args.Where(word => word != "--after-restart")];
    return await CheckRun.MainAsync("Hidden checks after a restart", others, async run =>
    {
        await AfterRestart.CheckAsync(run, File.Exists(stateFile) ? JsonNode.Parse(File.ReadAllText(stateFile)) : null);
    }, instances: 2);
}

if (File.Exists(stateFile))
{
    File.Delete(stateFile);
}

return await CheckRun.MainAsync("Hidden checks", args, async run =>
{
    var users = new Users(run);

    await run.CheckAsync("Validation", 2, "a body that cannot be read is 400, and never 500", async findings =>
    {
        var user = await users.FirstAsync();
        var path = await user.NewGadgetAsync();
        var reference = Data.Reference();
        string[] bodies =
        [
            "",
            "null",
            "[]",
            $$"""{"reference":"{{reference}}","quantity":"text"}""",
            $$"""{"reference":"{{reference}}","quantity":1.5}""",
            $$"""{"reference":"{{reference}}","quantity":99999999999}""",
            """{"reference":7,"quantity":1}""",
        ];
        foreach (var body in bodies)
        {
            findings.Refused(await user.SendAsync(HttpMethod.Post, User.Gadgets, body), body);
        }

        foreach (var body in (string[])["", "{}", """{"status":null}""", """{"status":1}"""])
        {
            findings.Refused(await user.SendAsync(HttpMethod.Put, $"{path}/status", body), body);
        }
    });

    await run.CheckAsync("Representation", 1, "the status is text", async findings =>
    {
        var user = await users.FirstAsync();
        var path = await user.NewGadgetAsync(null, "SecondState");
        foreach (var instance in (User[])[user, user.AtSecond()])
        {
            var read = await instance.GetAsync(path);
            findings.That(read.Json?["status"]?.ToJsonString() == "\"SecondState\"", $"{read.Request}: status is \"SecondState\"");
        }
    });

    await run.CheckAsync("Representation", 1, "times have their offset, and errors are problem details", async findings =>
    {
        var user = await users.FirstAsync();
        var path = await user.NewGadgetAsync();
        var read = await user.GetAsync(path);
        findings.TimeOfNow(read.Member("createdAt"), $"{read.Request}: createdAt");
        Answer[] refused =
        [
            await user.GetAsync($"{User.Gadgets}/999999999"),
            await user.CreateAsync(new JsonObject { ["reference"] = Data.Reference(), ["quantity"] = 0 }),
            await user.MoveAsync(path, "LastState"),
            await user.ImportAsync(["{"]),
        ];
        foreach (var answer in refused)
        {
            findings.Problem(answer);
        }
    });

    await run.CheckAsync("Owner", 1, "an import is for the caller alone", async findings =>
    {
        var (user, other) = (await users.FirstAsync(), await users.NewAsync());
        findings.Accepted(await user.ImportAsync([User.Gadget().ToJsonString()]));
        findings.That((await other.ListAsync()).References.Length == 0, "an import creates nothing for another user");
    });

    await run.CheckAsync("Paging", 1, "the defaults and the ends of paging", async findings =>
    {
        var user = await users.NewAsync();
        var references = Data.References(Limits.DefaultPageSize + 1);
        await user.ImportAsync(references.Select(reference => User.Gadget(reference).ToJsonString()));
        var (first, next) = await user.ListAsync();
        findings.That(
            first.Length == Limits.DefaultPageSize && next is not null,
            $"GET {User.Gadgets}: a page has {Limits.DefaultPageSize} gadgets");
        var (all, end) = await user.ListAsync($"?limit={Limits.MaxPageSize}");
        findings.That(
            all.Length == Limits.DefaultPageSize + 1 && end is null,
            $"GET {User.Gadgets}?limit={Limits.MaxPageSize}: the largest page is allowed");
    });

    await run.CheckAsync("Idempotency", 3, "a repeated request gets the first response, whatever happened since", async findings =>
    {
        var user = await users.FirstAsync();
        var (gadget, key) = (User.Gadget(), User.NewKey());
        var first = await user.CreateAsync(gadget, key);
        await user.MoveAsync($"{User.Gadgets}/{first.Member("id")}", "SecondState");
        var again = await user.AtSecond().CreateAsync(gadget, key);
        findings.SameResponse(first, again);
        findings.SameLocation(first, again);
    });

    await run.CheckAsync("Idempotency", 1, "a request that was refused does not use up its key", async findings =>
    {
        var user = await users.FirstAsync();
        var (reference, key) = (Data.Reference(), User.NewKey());
        await user.NewGadgetAsync(reference);
        findings.Status(HttpStatusCode.Conflict, await user.CreateAsync(User.Gadget(reference), key));
        findings.Accepted(await user.AtSecond().CreateAsync(User.Gadget(), key));
    });

    await run.CheckAsync("Idempotency", 2, "of simultaneous bodies with one key one takes effect", async findings =>
    {
        var user = await users.NewAsync();
        await findings.RoundsAsync(4, async round =>
        {
            var before = (await user.ListAsync()).References.Length;
            var key = User.NewKey();
            var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(index => user.At(index).CreateAsync(User.Gadget(), key)));
            round.That(answers.Count(answer => answer.Succeeded) == 1, $"{answers[0].Request}: of ten bodies with one key one is 201");
            round.That(
                answers.All(answer => answer.Succeeded || (int)answer.Status is 409 or 422),
                $"{answers[0].Request}: each other is 422 or 409");
            round.That((await user.ListAsync()).References.Length == before + 1, $"GET {User.Gadgets}: one gadget was created");
        });
    });

    await run.CheckAsync("Conflict", 1, "of simultaneous requests with one reference one takes effect", async findings =>
    {
        var user = await users.NewAsync();
        await findings.RoundsAsync(4, async round =>
        {
            var reference = Data.Reference();
            var gadgets = Enumerable.Range(0, 10).Select(_ => User.Gadget(reference)).ToArray();
            var answers = await Task.WhenAll(gadgets.Select((gadget, index) => user.At(index).CreateAsync(gadget)));
            round.That(
                answers.Count(answer => answer.Succeeded) == 1
                    && answers.All(answer => answer.Succeeded || answer.Status == HttpStatusCode.Conflict),
                $"{answers[0].Request}: of ten with one reference one is 201, and each other is 409");
        });
    });

    await run.CheckAsync("Simultaneous", 2, "what is final stays final", async findings =>
    {
        var user = await users.FirstAsync();
        await findings.RoundsAsync(3, async round =>
        {
            var path = await user.NewGadgetAsync(null, "SecondState");
            var moves = Enumerable.Range(0, 10).Select(index => user.At(index).MoveAsync(path, index < 5 ? "LastState" : "FirstState"));
            var answers = await Task.WhenAll(moves);
            var isFinal = answers.Take(5).Any(answer => answer.Succeeded);
            var isBack = answers.Skip(5).Any(answer => answer.Succeeded);
            round.That(isFinal != isBack, $"PUT {path}/status: either the five to LastState win, or the five to FirstState");
        });
    });

    await run.CheckAsync("Events", 3, "what was refused or repeated is not counted", async findings =>
    {
        var user = await users.NewAsync();
        var (gadget, key) = (User.Gadget(), User.NewKey());
        for (var round = 0; round < 4; round++)
        {
            await user.At(round).CreateAsync(gadget, key);
            await user.At(round).CreateAsync(User.Gadget((string)gadget["reference"]!));
            await user.At(round).CreateAsync(User.Gadget(), "a key");
            await user.At(round).ImportAsync([User.Gadget().ToJsonString(), gadget.ToJsonString()]);
        }

        // When the last one is finished in the statistics, what came before it is counted.
        var last = User.Gadget();
        var path = $"{User.Gadgets}/{(await user.CreateAsync(last)).Member("id")}";
        await user.MoveAsync(path, "SecondState");
        await user.MoveAsync(path, "LastState");
        var quantity = (int)gadget["quantity"]! + (int)last["quantity"]!;
        var counted = await user.StatisticsAsync(2, 1);
        findings.That(counted.Created == 2, $"GET {User.Gadgets}/statistics: created is 2, and not {counted.Created}");
        findings.That(
            counted.Quantity == quantity, $"GET {User.Gadgets}/statistics: quantity is {quantity}, and not {counted.Quantity}");
    });

    await run.CheckAsync("Events", 3, "simultaneous changes and imports are all counted", async findings =>
    {
        var user = await users.NewAsync();
        await Task.WhenAll(Enumerable.Range(0, 12).Select(index => user.At(index).CreateAsync(User.Gadget())));
        await user.ImportAsync(Data.References(30).Select(reference => User.Gadget(reference).ToJsonString()));
        foreach (var instance in (User[])[user, user.AtSecond()])
        {
            var counted = await instance.StatisticsAsync(42);
            findings.That(counted.Created == 42, $"GET {User.Gadgets}/statistics: created is 42, and not {counted.Created}");
        }
    });

    await run.CheckAsync("Import", 3, "many rows that are wrong make a short response", async findings =>
    {
        var user = await users.FirstAsync();
        var refused = await user.ImportAsync(Enumerable.Repeat("{}", 20_000));
        findings.Status(HttpStatusCode.BadRequest, refused);
        findings.That(
            (refused.Json?["errors"] as JsonObject)?.Count == 20,
            $"{refused.Request}: errors has the first 20 lines that are wrong");
        findings.Refused(await user.ImportAsync([""]), "an empty line and no row");
    });

    await run.CheckAsync("Import", 2, "an import of many rows is all or nothing", async findings =>
    {
        var user = await users.NewAsync();
        var reference = Data.Reference();
        await user.NewGadgetAsync(reference);
        var rows = Lines.References(3000).Where(one => one != reference).Append(reference);
        findings.Status(HttpStatusCode.Conflict, await user.ImportAsync(rows.Select(row => User.Gadget(row).ToJsonString())));
        findings.That((await user.AtSecond().ListAsync()).References.Length == 1, $"GET {User.Gadgets}: nothing was created");
    });

    await run.CheckAsync("Import", 2, "a slow import keeps nobody waiting", async findings =>
    {
        var (user, other) = (await users.NewAsync(), await users.SecondAsync());
        await other.NewGadgetAsync();
        var isHalfway = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        var rows = Lines.References(1000).Select(reference => User.Gadget(reference).ToJsonString()).ToArray();
        var import = user.ImportAsync(new Lines(async write =>
        {
            await write(rows[..999]);
            isHalfway.SetResult();
            await goOn.Task;
            await write(rows[999..]);
        }));
        try
        {
            await Task.WhenAny(isHalfway.Task, import);
            await Task.Delay(500);
            findings.Accepted(await other.CreateAsync(User.Gadget()));
            findings.Accepted(await other.AtSecond().CreateAsync(User.Gadget()));
        }
        finally
        {
            goOn.SetResult();
        }

        findings.Accepted(await import);
    });

    // What this user did has to be counted after the restart, which comes at once.
    await run.CheckAsync("Events", 1, "what happens right before a restart is confirmed", async findings =>
    {
        var user = await users.NewAsync();
        var (gadget, key) = (User.Gadget(), User.NewKey());
        findings.Accepted(await user.CreateAsync(gadget, key));
        await user.StatisticsAsync(1);
        for (var index = 0; index < 3; index++)
        {
            await user.At(index).NewGadgetAsync(null, "SecondState", "LastState");
        }

        Directory.CreateDirectory(output);
        File.WriteAllText(
            stateFile, new JsonObject { ["token"] = user.Token, ["key"] = key, ["gadget"] = gadget }.ToJsonString());
    });

    // The last one: an instance that runs out of memory may not answer any more.
    await run.CheckAsync("Import", 2, "a large import needs little memory, and its lines have an end", async findings =>
    {
        var user = await users.NewAsync();
        var tooLong = User.Gadget().ToJsonString() + new string(' ', 4096);
        await findings.RefusedEarlyAsync(user.ImportAsync([tooLong]), "a row in a line of more than 4,096 bytes is 400 or 413");
        var padding = new string(' ', 1500);
        var rows = Lines.References(30_000).Select(reference => User.Gadget(reference).ToJsonString() + padding);
        var imported = await user.ImportAsync(new Lines(write => write(rows)));
        findings.Accepted(imported);
        findings.That(
            imported.Member("imported") == "30000",
            $"{imported.Request}: 30,000 rows in 50 MB are imported with 96 MiB of heap");
        var endless = user.AtSecond().ImportAsync(new Lines(write => write([new string(' ', 60_000_000)])));
        await findings.RefusedEarlyAsync(endless, "a line without an end is 400 or 413, or ends the connection");
        await user.AtSecond().ListAsync();
    });
}, instances: 2);

/// <summary>Lines that are sent as they are made.</summary>
internal sealed class Lines(Func<Func<IEnumerable<string>, Task>, Task> send) : HttpContent
{
    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    private static int _used;

    /// <summary>More references than there are numbers: each has a letter, and none of a run is the same as another.</summary>
    public static IEnumerable<string> References(int count)
    {
        var form = Data.Reference();
        var width = form.Length - form.IndexOf('-') - 1;
        var first = (10 * (int)Math.Pow(Digits.Length, Math.Min(width, 5) - 1)) + _used;
        _used += count;
        for (var number = first; number < first + count; number++)
        {
            var text = new char[width];
            for (var (rest, index) = (number, width - 1); index >= 0; index--, rest /= Digits.Length)
            {
                text[index] = Digits[rest % Digits.Length];
            }

            yield return $"{form[..^width]}{new string(text)}";
        }
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => send(async lines =>
    {
        var writer = new StreamWriter(stream, bufferSize: 64 * 1024, leaveOpen: true);
        foreach (var line in lines)
        {
            await writer.WriteAsync(line);
            await writer.WriteAsync('\n');
        }

        await writer.FlushAsync();
    });

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}

/// <summary>Both instances were ended without a warning, and started again.</summary>
internal static class AfterRestart
{
    /// <param name="before">What the checks before it left; null if they could not.</param>
    public static async Task CheckAsync(CheckRun run, JsonNode? before)
    {
        var user = new Users(run).Stranger(before?["token"]?.ToString());

        await run.CheckAsync("Events", 4, "after a restart each change from before is counted once", async findings =>
        {
            // An instance that was ended may have claimed an event, which another one handles when the claim ends.
            var counted = await user.StatisticsAsync(4, 3, seconds: 60);
            findings.That(counted.Created == 4, $"GET {User.Gadgets}/statistics: created is 4, and not {counted.Created}");
            findings.That(counted.Finished == 3, $"GET {User.Gadgets}/statistics: finished is 3, and not {counted.Finished}");
            await user.NewGadgetAsync();
            counted = await user.AtSecond().StatisticsAsync(5, 3);
            findings.That(counted.Created == 5, $"GET {User.Gadgets}/statistics: created is 5, and not {counted.Created}");
        });

        await run.CheckAsync("Idempotency", 1, "after a restart a key from before is known", async findings =>
        {
            var key = before?["key"]?.ToString() ?? throw Findings.Impossible("The check before the restart did not work.");
            findings.Accepted(await user.CreateAsync(before["gadget"]!, key));
            findings.Status(HttpStatusCode.UnprocessableEntity, await user.CreateAsync(User.Gadget(), key));
        });
    }
}
