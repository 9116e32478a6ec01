using System.Text.Json.Serialization;
using InterviewApi.Core.Events;
using InterviewApi.Repositories;

namespace InterviewApi.Events;

/// <summary>Gadgets of a user were created or became LastState. It says by how much the statistics change.</summary>
public sealed record GadgetsChanged(string OwnerId, int Created = 0, long Quantity = 0, int Finished = 0) : IEvent
{
    public static string Type => "gadgets.changed";

    [JsonIgnore]
    public string Aggregate => $"gadgets:{OwnerId}";
}

/// <summary>Adds each event to the statistics once: an event that is delivered again changes nothing.</summary>
public sealed class GadgetCounter(ProcessedMessages processed, GadgetStatisticsRepository statistics) : IHandler<GadgetsChanged>
{
    public async Task HandleAsync(EventMessage<GadgetsChanged> message, CancellationToken cancellationToken)
    {
        if (await processed.TryBeginAsync<GadgetCounter>(message.Id, cancellationToken))
        {
            var (ownerId, created, quantity, finished) = message.Event;
            await statistics.AddAsync(ownerId, created, quantity, finished, cancellationToken);
        }
    }
}
