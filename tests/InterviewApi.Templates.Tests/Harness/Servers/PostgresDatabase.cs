namespace InterviewApi.Templates.Tests.Harness;

/// <summary>A database of one test on the server of this run.</summary>
internal sealed class PostgresDatabase
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly string _server;
    private readonly string _name;

    private PostgresDatabase(string server, string name) => (_server, _name) = (server, name);

    public string ConnectionString => _server.Replace("Database=postgres", $"Database={_name}", StringComparison.Ordinal);

    public static async Task<PostgresDatabase> CreateAsync()
    {
        var database = new PostgresDatabase(await PostgresServer.ConnectionStringAsync(), $"test_{Guid.NewGuid():N}");
        (await database.RunAsync("postgres", "postgres", $"CREATE DATABASE {database._name}")).EnsureSucceeded();

        return database;
    }

    /// <summary>Removes a database that something else may have made on the server.</summary>
    public static async Task DropAsync(string name)
    {
        var server = new PostgresDatabase(await PostgresServer.ConnectionStringAsync(), "postgres");
        await server.ExecuteAsync($"DROP DATABASE IF EXISTS \"{name}\"");
    }

    public async Task ExecuteAsync(string sql) => (await TryAsync("postgres", sql)).EnsureSucceeded();

    /// <summary>Runs a statement as some role, to see whether it may.</summary>
    public Task<CommandResult> TryAsync(string role, string sql) => RunAsync(_name, role, sql);

    /// <summary>A connection string for the same database and another role.</summary>
    public string ConnectionStringOf(string role) =>
        ConnectionString.Replace("Username=postgres", $"Username={role}", StringComparison.Ordinal);

    /// <summary>The environment in which PostgreSQL's own programs reach this database as the superuser.</summary>
    public Dictionary<string, string> Environment()
    {
        var parts = Parts();
        return new() { ["PGHOST"] = parts["Host"], ["PGPORT"] = parts["Port"], ["PGUSER"] = parts["Username"], ["POSTGRES_DB"] = _name };
    }

    private Dictionary<string, string> Parts() =>
        _server.Split(';').Select(part => part.Split('=')).ToDictionary(part => part[0], part => part[1]);

    private Task<CommandResult> RunAsync(string database, string role, string sql)
    {
        var parts = Parts();
        string[] arguments = ["-h", parts["Host"], "-p", parts["Port"], "-U", role, "-d", database, "-v", "ON_ERROR_STOP=1", "-c", sql];
        return Cli.RunAsync(Path.Combine(PostgresServer.Programs()!, "psql"), Path.GetTempPath(), Patience, arguments);
    }
}
