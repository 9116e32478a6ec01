using InterviewApi.Templates.Tests.Harness;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>The generated scripts that back up and restore, against a real PostgreSQL and a stand-in for its container.</summary>
[Trait("Level", "Edge")]
public sealed class BackupTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Rows_and_rights_come_back_after_the_loss_of_the_database()
    {
        Requires.Servers();
        const string Name = "lost-rows";
        var (project, environment, backups) = await PrepareAsync("Lost.Rows", Name);
        var old = Path.Combine(backups, $"{Name}-20200101T000000Z.dump");
        var other = Path.Combine(backups, "notes.txt");
        foreach (var file in (string[])[old, other])
        {
            await File.WriteAllTextAsync(file, "");
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddDays(-20));
        }

        // A backup that fails deletes nothing, and leaves nothing behind.
        var unreachable = new Dictionary<string, string>(environment) { ["PGPORT"] = $"{FreePort.Next()}" };
        (await RunAsync(project, unreachable, "scripts/back-up.sh", backups)).EnsureFailed();
        Assert.Equal([other, old], Directory.GetFiles(backups).OrderDescending());

        (await RunAsync(project, environment, "scripts/back-up.sh", backups)).EnsureSucceeded();
        var dump = Assert.Single(Directory.GetFiles(backups), file => file != other);
        Assert.NotEqual(old, dump);

        // What a lost volume becomes: an empty database and its roles.
        await SqlAsync(environment, "postgres", $"DROP DATABASE \"{Name}\"", $"CREATE DATABASE \"{Name}\"");
        (await RunAsync(project, environment, "scripts/restore.sh", dump)).EnsureSucceeded();

        Assert.Contains("\n  1000\n", await SqlAsync(environment, Name, "SELECT count(*) FROM kept"), StringComparison.Ordinal);
        await SqlAsync(environment, Name, $"SET ROLE \"{Name}\"", "INSERT INTO kept DEFAULT VALUES");
        Assert.Contains(
            "permission denied",
            (await PsqlAsync(environment, Name, $"SET ROLE \"{Name}\"", "CREATE TABLE stolen (id int)")).EnsureFailed().Output,
            StringComparison.Ordinal);
        await SqlAsync(environment, $"{Name}-before", "SELECT 1");
    }

    [Fact]
    public async Task A_restore_that_fails_leaves_the_database_as_it_was()
    {
        Requires.Servers();
        const string Name = "kept-rows";
        var (project, environment, backups) = await PrepareAsync("Kept.Rows", Name);
        (await RunAsync(project, environment, "scripts/back-up.sh", backups)).EnsureSucceeded();
        var dump = Assert.Single(Directory.GetFiles(backups));
        await SqlAsync(environment, Name, "DELETE FROM kept WHERE id > 10");

        // Half a dump; and a whole one whose role does not exist on this server.
        var half = Path.Combine(backups, "half");
        await File.WriteAllBytesAsync(half, (await File.ReadAllBytesAsync(dump))[..^2000]);
        (await RunAsync(project, environment, "scripts/restore.sh", half)).EnsureFailed();
        await SqlAsync(environment, "postgres", $"ALTER ROLE \"{Name}-owner\" RENAME TO \"{Name}-renamed\"");
        (await RunAsync(project, environment, "scripts/restore.sh", dump)).EnsureFailed();

        Assert.Contains("\n    10\n", await SqlAsync(environment, Name, "SELECT count(*) FROM kept"), StringComparison.Ordinal);
        (await PsqlAsync(environment, $"{Name}-before", "SELECT 1")).EnsureFailed();
    }

    [Fact]
    public async Task An_encrypted_dump_is_restored_with_its_key_and_with_no_other()
    {
        Requires.Servers();
        Requires.Programs("openssl");
        const string Name = "sealed-rows";
        var (project, environment, backups) = await PrepareAsync("Sealed.Rows", Name);
        var keys = new TemporaryFolder($"keys-{Guid.NewGuid():N}"[..13]).Path;
        var plain = new Dictionary<string, string>(environment);
        var wrong = new Dictionary<string, string>(environment) { ["BACKUP_KEY_FILE"] = Path.Combine(keys, "wrong") };
        environment["BACKUP_KEY_FILE"] = Path.Combine(keys, "right");
        await File.WriteAllTextAsync(wrong["BACKUP_KEY_FILE"], "of another host\n");
        (await Cli.RunAsync("bash", keys, Patience, ["-c", "(umask 077 && openssl rand -hex 32 >right)"])).EnsureSucceeded();

        (await RunAsync(project, environment, "scripts/back-up.sh", backups)).EnsureSucceeded();
        var dump = Assert.Single(Directory.GetFiles(backups));
        Assert.EndsWith(".dump.enc", dump, StringComparison.Ordinal);
        Assert.StartsWith("Salted__", await File.ReadAllTextAsync(dump), StringComparison.Ordinal);

        await SqlAsync(environment, Name, "DELETE FROM kept WHERE id > 10");
        Assert.Contains(
            "BACKUP_KEY_FILE has to name the key", (await RunAsync(project, plain, "scripts/restore.sh", dump)).EnsureFailed().Output,
            StringComparison.Ordinal);
        (await RunAsync(project, wrong, "scripts/restore.sh", dump)).EnsureFailed();
        Assert.Contains("\n    10\n", await SqlAsync(environment, Name, "SELECT count(*) FROM kept"), StringComparison.Ordinal);
        (await RunAsync(project, environment, "scripts/restore.sh", dump)).EnsureSucceeded();
        Assert.Contains("\n  1000\n", await SqlAsync(environment, Name, "SELECT count(*) FROM kept"), StringComparison.Ordinal);
    }

    // The names of the database and its roles come from the project's, so that each test has its own on the server.
    private static async Task<(GeneratedProject Project, Dictionary<string, string> Environment, string Backups)> PrepareAsync(
        string projectName, string name)
    {
        var combination = Suite.Template.Space.FirstWith(("database", "postgres"), ("migrations", "true"), ("docker", "true"));
        var project = await (await TemplateHive.InstalledAsync()).GenerateAsync(projectName, combination);
        var environment = (await PostgresDatabase.CreateAsync()).Environment();
        environment["POSTGRES_DB"] = name;
        environment["PATH"] = string.Join(
            ':', Path.Combine(Suite.ProjectFolder, "Fixtures", "engine"), PostgresServer.Programs(),
            Environment.GetEnvironmentVariable("PATH"));
        environment["DATABASE_PASSWORD"] = "of the API";
        environment["DATABASE_OWNER_PASSWORD"] = "of the owner";

        await SqlAsync(environment, "postgres", $"CREATE DATABASE \"{name}\"");
        (await RunAsync(project, environment, "postgres/roles.sh")).EnsureSucceeded();
        await SqlAsync(
            environment, name, $"SET ROLE \"{name}-owner\"",
            "CREATE TABLE kept (id bigint GENERATED ALWAYS AS IDENTITY, text text DEFAULT md5(random()::text))",
            "INSERT INTO kept SELECT FROM generate_series(1, 1000)");

        return (project, environment, new TemporaryFolder($"backups-{Guid.NewGuid():N}"[..16]).Path);
    }

    private static Task<CommandResult> RunAsync(
        GeneratedProject project, Dictionary<string, string> environment, params string[] command) =>
        Cli.RunAsync("bash", project.Folder, Patience, command, environment);

    private static async Task<string> SqlAsync(Dictionary<string, string> environment, string database, params string[] statements) =>
        (await PsqlAsync(environment, database, statements)).EnsureSucceeded().Output;

    private static Task<CommandResult> PsqlAsync(Dictionary<string, string> environment, string database, params string[] statements) =>
        Cli.RunAsync(
            Path.Combine(PostgresServer.Programs()!, "psql"), Path.GetTempPath(), Patience,
            ["--dbname", database, "--set", "ON_ERROR_STOP=1", .. statements.SelectMany(statement => new[] { "--command", statement })],
            environment);
}
