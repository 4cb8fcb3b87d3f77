using System.Buffers;
using System.Runtime.CompilerServices;
using Harmony.Core.Content;
using Harmony.Core.Faults;

namespace Harmony.Core.Storage;

/// <summary>
/// Objects as files below a folder. A file is written beside the others, in <c>.incoming</c>, and gets its name when it is complete: a process
/// or machine that stops in the middle leaves nothing under a final name.
/// </summary>
/// <param name="root">The folder, absolute.</param>
/// <param name="isDurable">Whether a file and its name are on the disk, not only on their way to it, when <see cref="WriteAsync"/> completes.</param>
/// <param name="maxBytes">Most bytes of all files together; null for any number. What goes beyond is <see cref="FaultKind.StorageFull"/>.</param>
public sealed class FileSystemStore(string root, bool isDurable, long? maxBytes = null) : IObjectStore
{
    private const int CopyBuffer = 128 * 1024;
    private const int MostVersions = 10_000;

    private readonly IncomingFiles _incoming = new(Path.Combine(root, ".incoming"));
    private readonly DurableFolders _folders = new(root, isDurable);
    private readonly ContentTypeNotes _types = new(root);
    private readonly StorageQuota _quota = new(root, maxBytes);
    private readonly Lock _conditional = new();

    /// <inheritdoc/>
    public string Description => root;

    /// <inheritdoc/>
    public async ValueTask<WrittenObject> WriteAsync(ObjectName name, Stream content, ObjectWrite how, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(how);
        RefuseLinks(Path.GetDirectoryName(PathOf(name))!);
        using var file = await OnDiskAsync(() => new ValueTask<IncomingFile>(_incoming.Create()));
        var isKept = false;
        try
        {
            await CopyAsync(content, file, ct);
            var written = await OnDiskAsync(() =>
            {
                file.Stamp();
                if (isDurable) file.Flush();
                return NameAsync(file, name, how, ct);
            });
            isKept = written.Outcome == WriteOutcome.Written;
            return written;
        }
        finally
        {
            if (!isKept) _quota.Give(file.Length);
        }
    }

    /// <inheritdoc/>
    public ValueTask<ObjectStat?> StatAsync(ObjectName name, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(name);
        using var file = Open(name);
        return new(file is null ? null : StatOf(file, name));
    }

    /// <inheritdoc/>
    public ValueTask<StoredObject?> OpenAsync(ObjectName name, ByteRange? range, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (Open(name) is not { } file) return default;
        return new(new StoredObject(range is { } part ? new RangeStream(file, part) : file, StatOf(file, name)));
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ObjectStat> ListAsync(string prefix, string after, [EnumeratorCancellation] CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        var folder = prefix.LastIndexOf('/') is > 0 and var slash ? prefix[..slash] : "";
        if (prefix.StartsWith('/') || (folder.Length > 0 && !ObjectName.TryParse(folder, out _))) yield break;
        foreach (var found in FilesOf(folder, prefix, after))
        {
            ct.ThrowIfCancellationRequested();
            yield return found;
        }

        await ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<bool> DeleteAsync(ObjectName name, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(name);
        var path = PathOf(name);
        return OnDiskAsync(() =>
        {
            if (!File.Exists(path) || LinkIn(path) is not null) return new ValueTask<bool>(false);
            var length = new FileInfo(path).Length;
            File.Delete(path);
            _quota.Give(length);
            _folders.Flush(Path.GetDirectoryName(path)!);
            _types.Forget(name);
            return new(true);
        });
    }

    /// <inheritdoc/>
    public async ValueTask<WrittenObject?> CopyAsync(ObjectName from, ObjectName to, IfExists ifExists, CancellationToken ct)
    {
        if (await OpenAsync(from, null, ct) is not { } source) return null;
        await using var content = source.Content;
        return await WriteAsync(to, content, new ObjectWrite(ifExists) { ContentType = source.Stat.ContentType }, ct);
    }

    /// <inheritdoc/>
    public ValueTask<int> CleanUpAsync(CancellationToken ct) => OnDiskAsync(() =>
    {
        var count = _incoming.CleanUp();
        _quota.Recount();
        return new ValueTask<int>(count);
    });

    /// <inheritdoc/>
    public void Dispose() => _incoming.Dispose();

    /// <summary>Blames the disk for what the disk does, and for nothing that the sender of the content does.</summary>
    private async ValueTask<T> OnDiskAsync<T>(Func<ValueTask<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileFault.Of(e, root);
        }
    }

    private async ValueTask CopyAsync(Stream content, IncomingFile file, CancellationToken ct)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(CopyBuffer);
        try
        {
            int read;
            while ((read = await content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, ct)) > 0)
            {
                await AppendAsync(file, buffer.AsMemory(0, read), ct);
                if (read < buffer.Length) break;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async ValueTask AppendAsync(IncomingFile file, ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        _quota.Take(bytes.Length);
        var before = file.Length;
        try
        {
            await file.AppendAsync(bytes, ct);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileFault.Of(e, root);
        }
        finally
        {
            if (file.Length == before) _quota.Give(bytes.Length);
        }
    }

    private async ValueTask<WrittenObject> NameAsync(IncomingFile file, ObjectName name, ObjectWrite how, CancellationToken ct)
    {
        var path = PathOf(name);
        _folders.Make(Path.GetDirectoryName(path)!);
        if (how.IfExists == IfExists.Overwrite) return Replace(file, name, path, how);
        for (var version = 1; version <= MostVersions; version++)
        {
            var candidate = version == 1 ? name : name.Version(version);
            path = PathOf(candidate);
            if (file.TryName(path)) return Named(candidate, path, file, how);
            if (how.IfExists == IfExists.Refuse) return Refused(candidate, file);
            if (how.IfExists != IfExists.Keep && !await file.IsSameAsync(path, ct)) continue;
            _folders.Flush(Path.GetDirectoryName(path)!); // who took the name may still be waiting for the disk
            return new WrittenObject(candidate, file.Length, WriteOutcome.WasThere, (await StatAsync(candidate, ct))?.ETag ?? "");
        }

        throw new GatewayException(FaultSource.Gateway, FaultKind.Internal, $"there are {MostVersions} versions of one object in '{root}'");
    }

    /// <summary>Writers of this process see each other's objects under the condition; one of another process can come between.</summary>
    private WrittenObject Replace(IncomingFile file, ObjectName name, string path, ObjectWrite how)
    {
        lock (_conditional)
        {
            if (how.IfMatch is { } wanted)
            {
                using var there = Open(name);
                if (there is null || !EntityTags.NamesStrongly(wanted, IncomingFile.StatOf(there.SafeFileHandle, name).ETag)) return Refused(name, file);
            }

            var replaced = File.Exists(path) ? new FileInfo(path).Length : 0;
            file.Replace(path);
            _quota.Give(replaced);
        }

        return Named(name, path, file, how);
    }

    private WrittenObject Named(ObjectName name, string path, IncomingFile file, ObjectWrite how)
    {
        var stat = file.Stat(name);
        _types.Keep(name, stat.ETag, how.ContentType);
        _folders.Flush(Path.GetDirectoryName(path)!);
        return new WrittenObject(name, file.Length, WriteOutcome.Written, stat.ETag);
    }

    private static WrittenObject Refused(ObjectName name, IncomingFile file) => new(name, file.Length, WriteOutcome.Refused, "");

    private FileStream? Open(ObjectName name)
    {
        try
        {
            var path = PathOf(name);
            if (Directory.Exists(path) || LinkIn(path) is not null) return null;
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0,
                FileOptions.Asynchronous | FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileFault.Of(e, root);
        }
    }

    private ObjectStat StatOf(FileStream file, ObjectName name)
    {
        var stat = IncomingFile.StatOf(file.SafeFileHandle, name);
        return stat with { ContentType = _types.Of(name, stat.ETag) };
    }

    /// <summary>The files of a folder and of those below it, in the order of their names; links are passed over.</summary>
    private IEnumerable<ObjectStat> FilesOf(string folder, string prefix, string after)
    {
        foreach (var (name, entry) in EntriesOf(folder))
        {
            if (entry is FileInfo file)
            {
                if (!name.StartsWith(prefix, StringComparison.Ordinal) || string.CompareOrdinal(name, after) <= 0) continue;
                if (ObjectName.TryParse(name, out var found) && TryStat(found, file) is { } stat) yield return stat;
                continue;
            }

            // A folder has nothing to say where none of its names begins with the prefix, or all stand before the first wanted.
            var below = name + "/";
            var isWithin = below.StartsWith(prefix, StringComparison.Ordinal) || prefix.StartsWith(below, StringComparison.Ordinal);
            var isBehind = string.CompareOrdinal(below, after) > 0 || after.StartsWith(below, StringComparison.Ordinal);
            if (!isWithin || !isBehind) continue;
            foreach (var further in FilesOf(name, prefix, after)) yield return further;
        }
    }

    private static ObjectStat? TryStat(ObjectName name, FileInfo file)
    {
        try
        {
            return IncomingFile.StatOf(name, file.Length, file.LastWriteTimeUtc);
        }
        catch (FileNotFoundException)
        {
            return null; // it went a moment ago
        }
    }

    private IEnumerable<(string Name, FileSystemInfo Entry)> EntriesOf(string folder)
    {
        var place = new DirectoryInfo(Path.Combine(root, folder.Replace('/', Path.DirectorySeparatorChar)));
        if (!place.Exists || LinkIn(place.FullName) is not null) return [];
        try
        {
            return place.EnumerateFileSystemInfos()
                .Where(e => e.LinkTarget is null && !e.Name.StartsWith('.'))
                .Select(e => (Name: folder.Length == 0 ? e.Name : $"{folder}/{e.Name}", Entry: e))
                .OrderBy(e => e.Entry is FileInfo ? e.Name : e.Name + "/", StringComparer.Ordinal)
                .ToList();
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileFault.Of(e, root);
        }
    }

    /// <summary>
    /// The first part of a path below the root that is a symbolic link; null where none is. Names never lead out of the root, and a link that
    /// another program has put there must not make them. The root itself may be a link: the operator has configured it.
    /// </summary>
    private string? LinkIn(string path)
    {
        for (var part = path; part.Length > root.Length; part = Path.GetDirectoryName(part)!)
        {
            if (new FileInfo(part).LinkTarget is not null) return part;
        }

        return null;
    }

    private void RefuseLinks(string folder)
    {
        if (LinkIn(folder) is null) return;
        throw new GatewayException(FaultSource.Gateway, FaultKind.Internal,
            $"a folder below '{root}' is a symbolic link, and nothing is stored through it; mount the place there instead");
    }

    private string PathOf(ObjectName name) => Path.Combine(root, name.Text.Replace('/', Path.DirectorySeparatorChar));
}
