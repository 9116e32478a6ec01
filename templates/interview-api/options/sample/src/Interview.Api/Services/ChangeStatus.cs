namespace InterviewApi.Services;

/// <summary>How a change of one resource ended.</summary>
public enum ChangeStatus
{
    Done,
    NotFound,

    /// <summary>The precondition of the caller does not hold for the current version.</summary>
    PreconditionFailed,

    /// <summary>Concurrent changes to the resource prevented the change.</summary>
    Conflict,
}
