using System.Globalization;
using k8s.Models;

namespace InterviewApi.Templates.Tests.Harness;

/// <summary>
/// What a container of a pod sees: its own mount namespace with a root file system in which only the volumes are writable,
/// and the user, group and settings of the manifest. The programs are those of this machine. Only Linux has that, and only
/// for root.
/// </summary>
internal sealed class PodRoot(Manifests manifests, string application)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    // The kernel's folders and the programs; the volumes; then everything but these becomes read-only.
    private const string Script = """
        set -eu
        root=$1 uid=$2 gid=$3 groups=$4 app=$5 binds=$6
        shift 6
        mount --make-rprivate /
        mount -t tmpfs -o mode=755 tmpfs "$root"
        mkdir "$root/usr" "$root/etc" "$root/dev" "$root/proc" "$root/sys" "$root/app" "$root/run"
        for link in bin lib lib64 sbin; do [ ! -L "/$link" ] || ln -s "usr/$link" "$root/$link"; done
        for folder in usr etc dev proc sys; do mount --rbind "/$folder" "$root/$folder"; done
        mount --bind "$app" "$root/app"
        echo "$binds" | while IFS=: read -r source target mode; do
            mkdir -p "$root$target"
            mount --bind "$source" "$root$target"
            [ "$mode" != ro ] || mount -o remount,bind,ro "$root$target"
        done
        for folder in usr etc app; do mount -o remount,bind,ro "$root/$folder"; done
        mount -o remount,ro "$root"
        exec chroot "$root" setpriv --reuid="$uid" --regid="$gid" --groups="$groups" --no-new-privs --bounding-set=-all --inh-caps=-all \
            env --ignore-environment --chdir=/app PATH=/usr/bin "$@"
        """;

    private readonly Dictionary<string, string> _volumes = [];

    /// <summary>Why there can be no such root on this machine, or null.</summary>
    public static string? Missing => Environment.UserName == "root" && OperatingSystem.IsLinux() ? null : "this needs root on Linux";

    /// <summary>Gives a volume of the pod its files, as the kubelet does: links to a folder that is replaced as a whole.</summary>
    public async Task WriteAsync(string volume, IReadOnlyDictionary<string, string> files)
    {
        var data = Directory.CreateDirectory(Path.Combine(FolderOf(volume), "..2026_01_01_00_00_00.1")).FullName;
        File.CreateSymbolicLink(Path.Combine(FolderOf(volume), "..data"), Path.GetFileName(data));
        foreach (var (name, content) in files)
        {
            await File.WriteAllTextAsync(Path.Combine(data, name), content);
            File.CreateSymbolicLink(Path.Combine(FolderOf(volume), name), Path.Combine("..data", name));
        }
    }

    /// <summary>Where the files of a volume are on this machine.</summary>
    public string FolderOf(string volume) => _volumes.TryGetValue(volume, out var folder) ? folder
        : _volumes[volume] = new TemporaryFolder($"volume-{volume}-{Guid.NewGuid():N}").Path;

    /// <summary>Runs a container to its end.</summary>
    public async Task<CommandResult> RunAsync(V1Container container, IReadOnlyDictionary<string, string> environment) =>
        await Cli.RunAsync("unshare", "/", Patience, await CommandAsync(container, environment));

    /// <summary>Starts a container.</summary>
    public async Task<ServerProcess> StartAsync(V1Container container, IReadOnlyDictionary<string, string> environment) =>
        ServerProcess.Start("unshare", "/", await CommandAsync(container, environment));

    private async Task<string[]> CommandAsync(V1Container container, IReadOnlyDictionary<string, string> environment)
    {
        var security = manifests.Pod.SecurityContext;
        var group = Number(security.FsGroup);
        var binds = container.VolumeMounts
            .Select(mount => $"{FolderOf(mount.Name)}:{mount.MountPath}:{(mount.ReadOnlyProperty == true ? "ro" : "rw")}").ToArray();
        foreach (var mount in container.VolumeMounts.Where(mount => mount.ReadOnlyProperty != true))
        {
            // fsGroup: the group of the files of a volume, which may write.
            (await Cli.RunAsync("chown", "/", Patience, [$"root:{group}", FolderOf(mount.Name)])).EnsureSucceeded();
            (await Cli.RunAsync("chmod", "/", Patience, ["2775", FolderOf(mount.Name)])).EnsureSucceeded();
        }

        return
        [
            "--mount", "sh", "-c", Script, "sh", new TemporaryFolder($"root-{Guid.NewGuid():N}").Path,
            Number(security.RunAsUser), Number(security.RunAsGroup), group, Path.GetDirectoryName(application)!, string.Join('\n', binds),
            .. environment.Select(variable => $"{variable.Key}={variable.Value}"),
            "dotnet", $"/app/{Path.GetFileName(application)}", .. container.Args ?? [],
        ];
    }

    private static string Number(long? value) => value?.ToString(CultureInfo.InvariantCulture) ?? throw new InvalidDataException();
}
