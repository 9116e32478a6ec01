using System.Diagnostics;

namespace InterviewApi.Templates.Tests.Harness;

/// <summary>Waits for what has to come, however busy the machine is.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public static Task HoldsAsync(string expectation, Func<bool> condition) => HoldsAsync(expectation, () => Task.FromResult(condition()));

    public static async Task HoldsAsync(string expectation, Func<Task<bool>> condition)
    {
        var clock = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(clock.Elapsed < Patience, $"This did not come true: {expectation}");
            await Task.Delay(TimeSpan.FromMilliseconds(50));
        }
    }
}
