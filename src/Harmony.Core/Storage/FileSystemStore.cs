using System.Buffers;
using Harmony.Core.Faults;

namespace Harmony.Core.Storage;

/// <summary>
/// Objects as files below a folder. A file is written beside the others, in <c>.incoming</c>, and gets its name when it is complete: a process
/// or machine that stops in the middle leaves nothing under a final name.
/// </summary>
/// <param name="root">The folder, absolute.</param>
/// <param name="isDurable">Whether a file and its name are on the disk, not only on their way to it, when <see cref="WriteAsync"/> completes.</param>
public sealed class FileSystemStore(string root, bool isDurable) : IObjectStore
{
    private const int CopyBuffer = 128 * 1024;
    private const int MostVersions = 10_000;

    private readonly IncomingFiles _incoming = new(Path.Combine(root, ".incoming"));
    private readonly DurableFolders _folders = new(root, isDurable);

    /// <inheritdoc/>
    public string Description => root;

    /// <inheritdoc/>
    public async ValueTask<WrittenObject> WriteAsync(ObjectName name, Stream content, IfExists ifExists, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(content);
        RefuseLinks(Path.GetDirectoryName(PathOf(name))!);
        using var file = await OnDiskAsync(() => new ValueTask<IncomingFile>(_incoming.Create()));
        await CopyAsync(content, file, ct);
        return await OnDiskAsync(() =>
        {
            if (isDurable) file.Flush();
            return NameAsync(file, name, ifExists, ct);
        });
    }

    /// <inheritdoc/>
    public ValueTask<StoredObject?> OpenAsync(ObjectName name, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(name);
        try
        {
            var path = PathOf(name);
            if (Directory.Exists(path) || LinkIn(path) is not null) return default;
            var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous | FileOptions.SequentialScan);
            return new ValueTask<StoredObject?>(new StoredObject(stream, stream.Length));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return default;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileFault.Of(e, root);
        }
    }

    /// <inheritdoc/>
    public int CleanUp() => _incoming.CleanUp();

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
        try
        {
            await file.AppendAsync(bytes, ct);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileFault.Of(e, root);
        }
    }

    private async ValueTask<WrittenObject> NameAsync(IncomingFile file, ObjectName name, IfExists ifExists, CancellationToken ct)
    {
        var path = PathOf(name);
        _folders.Make(Path.GetDirectoryName(path)!);
        if (ifExists == IfExists.Overwrite)
        {
            file.Replace(path);
            return Named(name, path, file);
        }

        for (var version = 1; version <= MostVersions; version++)
        {
            var candidate = version == 1 ? name : name.Version(version);
            path = PathOf(candidate);
            if (file.TryName(path)) return Named(candidate, path, file);
            if (ifExists != IfExists.Keep && !await file.IsSameAsync(path, ct)) continue;
            _folders.Flush(Path.GetDirectoryName(path)!); // who took the name may still be waiting for the disk
            return new WrittenObject(candidate, file.Length, WasThere: true);
        }

        throw new GatewayException(FaultSource.Gateway, FaultKind.Internal, $"there are {MostVersions} versions of one object in '{root}'");
    }

    private WrittenObject Named(ObjectName name, string path, IncomingFile file)
    {
        _folders.Flush(Path.GetDirectoryName(path)!);
        return new WrittenObject(name, file.Length, WasThere: false);
    }

    /// <summary>
    /// The first part of a path below the root that is a symbolic link; null where none is. Names never lead out of the root, and a link that
    /// somebody has put there must not make them: the root itself may be a link, which is the operator's word.
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
        throw new GatewayException(FaultSource.Gateway, FaultKind.Internal, $"a folder below '{root}' is a symbolic link, and nothing is stored through it; mount the place there instead");
    }

    private string PathOf(ObjectName name) => Path.Combine(root, name.Text.Replace('/', Path.DirectorySeparatorChar));
}
