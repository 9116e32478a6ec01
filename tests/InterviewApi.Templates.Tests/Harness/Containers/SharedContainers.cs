namespace InterviewApi.Templates.Tests.Harness;

/// <summary>The stack with every option, started for the first test that asks for it and taken down after the last.</summary>
public sealed class SharedContainers : IAsyncLifetime
{
    private readonly Lazy<Task<ContainerStack>> _stack = new(StartAsync);

    internal Task<ContainerStack> StartedAsync() => _stack.Value;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_stack.IsValueCreated && _stack.Value.IsCompletedSuccessfully)
        {
            await (await _stack.Value).DisposeAsync();
        }
    }

    private static async Task<ContainerStack> StartAsync()
    {
        var stack = await ContainerStacks.PrepareAsync(ContainerStacks.Full());
        try
        {
            await stack.UpAsync();

            // Before a test has started anything again.
            await ContainerCheck.CheckMigrationAsync(stack);
            return stack;
        }
        catch
        {
            await stack.DisposeAsync();
            throw;
        }
    }
}
