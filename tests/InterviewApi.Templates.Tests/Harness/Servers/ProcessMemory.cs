using System.Diagnostics;
using System.Globalization;

namespace InterviewApi.Templates.Tests.Harness;

/// <summary>What a process has in memory, as the kernel counts it.</summary>
internal sealed class ProcessMemory(int processId)
{
    public long ResidentBytes
    {
        get
        {
            using var process = Process.GetProcessById(processId);
            return process.WorkingSet64;
        }
    }

    /// <summary>The most since <see cref="ResetPeak"/>.</summary>
    public long PeakBytes => 1024 * long.Parse(
        File.ReadLines($"/proc/{processId}/status").Single(
            line => line.StartsWith("VmHWM:", StringComparison.Ordinal))[6..].Replace("kB", ""),
        CultureInfo.InvariantCulture);

    /// <summary>Linux counts the peak anew from here.</summary>
    public void ResetPeak() => File.WriteAllText($"/proc/{processId}/clear_refs", "5");

    public static string InMiB(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0 / 1024.0:0.0} MiB");
}
