namespace InterviewApi.Templates.Tests.Harness;

/// <summary>A project with all defaults as the pages make it: generated and restored by one command, then running.</summary>
public sealed class DefaultProject : IAsyncLifetime
{
    public const string Name = "Acme.Shop";

    private RunningApi? _api;

    /// <value>What <c>dotnet new</c> wrote.</value>
    public string NewOutput { get; private set; } = "";

    public string Folder { get; private set; } = "";

    /// <value>Without a slash at its end.</value>
    public string Address { get; private set; } = "";

    /// <value>What the API has written so far.</value>
    public string Log => _api?.Log ?? "";

    public async ValueTask InitializeAsync()
    {
        var hive = await TemplateHive.InstalledAsync();
        Folder = Path.Combine(new TemporaryFolder("default").Path, Name);
        NewOutput = (await hive.NewAsync([Suite.Template.ShortName, "--name", Name, "--output", Folder])).EnsureSucceeded().Output;

        // The pages sign in more often, together, than an address may within a minute.
        var environment = new Dictionary<string, string> { ["RateLimiting__Auth__PermitLimit"] = "100" };
        _api = await RunningApi.StartAsync(new GeneratedProject(Name, Folder, Suite.Template.Space[0]), environment);
        Address = _api.Client.BaseAddress!.ToString().TrimEnd('/');
    }

    public async ValueTask DisposeAsync()
    {
        if (_api is not null)
        {
            await _api.DisposeAsync();
        }
    }
}
