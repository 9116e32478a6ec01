using InterviewApi.Models;
using InterviewApi.Schemas.Validation;

namespace InterviewApi.Schemas.V2;

/// <summary>A keeper.</summary>
public sealed record KeeperResponse(long Id, string Name)
{
    public static KeeperResponse From(Keeper keeper) => new(keeper.Id, keeper.Name);
}

/// <summary>The fields of a keeper.</summary>
public sealed record KeeperRequest
{
    /// <summary>Text on one line, at most %max name% characters.</summary>
    /// <example>Example</example>
    [Required, StringLength(Keeper.MaxNameLength, MinimumLength = 1), PlainText]
    public string? Name { get; init; }
}
