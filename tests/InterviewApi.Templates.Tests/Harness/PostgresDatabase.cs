namespace InterviewApi.Templates.Tests.Harness;

/// <summary>A database of one test on the server of this run.</summary>
internal sealed class PostgresDatabase
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly string _server;
    private readonly string _name = $"test_{Guid.NewGuid():N}";

    private PostgresDatabase(string server) => _server = server;

    public string ConnectionString => _server.Replace("Database=postgres", $"Database={_name}", StringComparison.Ordinal);

    public static async Task<PostgresDatabase> CreateAsync()
    {
        var database = new PostgresDatabase(await PostgresServer.ConnectionStringAsync());
        await database.RunAsync("postgres", $"CREATE DATABASE {database._name}");

        return database;
    }

    public Task ExecuteAsync(string sql) => RunAsync(_name, sql);

    private async Task RunAsync(string database, string sql)
    {
        var parts = _server.Split(';').Select(part => part.Split('=')).ToDictionary(part => part[0], part => part[1]);
        string[] arguments = ["-h", parts["Host"], "-p", parts["Port"], "-U", parts["Username"], "-d", database, "-v", "ON_ERROR_STOP=1", "-c", sql];
        (await Cli.RunAsync(Path.Combine(PostgresServer.Programs()!, "psql"), Path.GetTempPath(), Patience, arguments)).EnsureSucceeded();
    }
}
