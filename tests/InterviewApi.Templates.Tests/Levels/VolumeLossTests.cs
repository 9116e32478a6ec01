using System.Net.Http.Json;
using System.Text.Json;
using InterviewApi.Templates.Tests.Harness;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>The volume of the database is destroyed: what the page about backups says brings it back.</summary>
[Trait("Level", "Containers")]
[Collection(nameof(ContainerGroup))]
public sealed class VolumeLossTests(SharedContainers full)
{
    private const int Rows = 20;

    [Fact]
    public async Task Every_row_and_account_comes_back_from_the_backup_after_the_volume_is_destroyed()
    {
        Requires.Containers();
        var stack = await full.StartedAsync();
        using var api = ApiClient.Of(stack);
        await api.SignInAsync("keeping");
        for (var row = 0; row < Rows; row++)
        {
            await api.CreateProductAsync($"Kept {row}");
        }

        Assert.Equal(Rows, await CountAsync(api));
        var backups = new TemporaryFolder("volume-backups").Path;
        (await stack.RunAsync("bash", ["scripts/back-up.sh", backups])).EnsureSucceeded();
        var dump = Assert.Single(Directory.GetFiles(backups));

        (await stack.ComposeAsync("stop", "api")).EnsureSucceeded();
        (await stack.ComposeAsync("rm", "--force", "--stop", "postgres")).EnsureSucceeded();
        (await Docker.RunAsync("volume", "rm", $"{stack.Name}_postgres")).EnsureSucceeded();
        (await stack.ComposeAsync("up", "--detach", "--wait", "postgres")).EnsureSucceeded();
        (await stack.RunAsync("bash", ["scripts/restore.sh", dump])).EnsureSucceeded();
        await stack.UpAsync();

        Assert.Equal(Rows, await CountAsync(api));

        // The roles of the new server may do what the old ones did.
        await api.CreateProductAsync("Kept too");
        Assert.Equal(Rows + 1, await CountAsync(api));
    }

    private static async Task<int> CountAsync(ApiClient api) =>
        (await api.Http.GetFromJsonAsync<JsonElement[]>("/api/v1/products?q=Kept&limit=100"))!.Length;
}
