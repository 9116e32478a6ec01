using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Acme.Shop.Tests.Support;

/// <summary>Waits for what has to come, however busy the machine is.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public static async Task HoldsAsync(
        Func<Task<bool>> condition, [CallerArgumentExpression(nameof(condition))] string expectation = "")
    {
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < Patience, $"This did not come true: {expectation}");
            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }
    }

    public static Task HoldsAsync(
        Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string expectation = "") =>
        HoldsAsync(() => Task.FromResult(condition()), expectation);
}
