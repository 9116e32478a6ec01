namespace Acme.Shop.Core.Files;

/// <summary>Tells the reasons of a failed write apart.</summary>
public static class StorageErrors
{
    // ENOSPC and EDQUOT of Linux and macOS, ERROR_HANDLE_DISK_FULL and ERROR_DISK_FULL of Windows.
    private static readonly int[] FullCodes = [28, 122, 69, unchecked((int)0x80070027), unchecked((int)0x80070070)];

    /// <summary>Whether there is no room left on the volume, or in the quota.</summary>
    public static bool IsFull(IOException exception) => FullCodes.Contains(exception.HResult);
}
