using InterviewApi.Core.Events;
using InterviewApi.Events;
using InterviewApi.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace InterviewApi.Tests.Integration;

public sealed class CleanupTests
{
    [Fact]
    public async Task It_handles_the_event()
    {
        await using var api = await new ApiFactory().StartAsync();

        Assert.True(
            api.Services.GetServices<EventSubscription>().Any(subscription => subscription.Handler == nameof(CleanupHandler)),
            "Program.cs lacks: builder.Services.AddEventHandler<InterviewApi.Events.ProductChanged, InterviewApi.Events.CleanupHandler>();");
    }
}
