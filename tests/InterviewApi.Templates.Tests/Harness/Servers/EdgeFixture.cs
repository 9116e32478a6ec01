namespace InterviewApi.Templates.Tests.Harness;

/// <summary>The stack that the tests of the edge share: started for the first of them, stopped after the last.</summary>
public sealed class EdgeFixture : IAsyncLifetime
{
    private readonly Lazy<Task<EdgeStack>> _stack = new(EdgeStack.StartAsync);

    internal Task<EdgeStack> StartedAsync() => _stack.Value;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_stack.IsValueCreated)
        {
            await (await _stack.Value).DisposeAsync();
        }
    }
}
