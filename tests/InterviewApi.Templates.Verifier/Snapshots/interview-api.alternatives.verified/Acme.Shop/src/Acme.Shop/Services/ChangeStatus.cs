namespace Acme.Shop.Services;

/// <summary>How a change of one resource ended.</summary>
public enum ChangeStatus
{
    Done,
    NotFound,

    /// <summary>The caller asked for a version that is not the current one.</summary>
    VersionMismatch,

    /// <summary>Others changed the resource again and again at the same time.</summary>
    Conflict,
}
