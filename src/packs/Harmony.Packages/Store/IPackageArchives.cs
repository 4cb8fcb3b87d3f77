using Harmony.Core.Content;
using Harmony.Core.Storage;

namespace Harmony.Packages.Store;

/// <summary>A stored archive.</summary>
/// <param name="Id">The package.</param>
/// <param name="Length">Bytes of the archive.</param>
/// <param name="Stored">When it was stored.</param>
internal sealed record StoredArchive(Guid Id, long Length, DateTimeOffset Stored);

/// <summary>The complete archives: <c>packages/ab/ID.zip</c> of a folder, or of the object store of <c>[storage]</c>.</summary>
internal interface IPackageArchives : IDisposable
{
    /// <summary>The folder or object store, in words for log and <c>harmony explain</c>.</summary>
    string Description { get; }

    /// <summary>Whether other gateways may add archives.</summary>
    bool IsShared { get; }

    /// <summary>Whether there is an archive of a package.</summary>
    ValueTask<bool> HasAsync(Guid id, CancellationToken ct);

    /// <summary>An archive as a stream that can seek and is read asynchronously; null if there is none.</summary>
    ValueTask<Stream?> OpenAsync(Guid id, CancellationToken ct);

    /// <summary>Takes over a complete file, which may be gone afterwards. False if there is an archive of that package, which stays.</summary>
    ValueTask<bool> TryAddAsync(string file, Guid id, CancellationToken ct);

    /// <summary>Deletes an archive; false if there is none.</summary>
    ValueTask<bool> DeleteAsync(Guid id, CancellationToken ct);

    /// <summary>All archives. An archive that is added or deleted meanwhile may be listed or not.</summary>
    IAsyncEnumerable<StoredArchive> ListAsync(CancellationToken ct);
}

/// <summary>Archives in a folder: a file gets its name when its last byte is on the disk.</summary>
/// <param name="folder">The folder <c>packages</c>.</param>
/// <param name="place">Moves a file, durably; throws if there is a file of that name.</param>
internal sealed class FolderArchives(string folder, Action<string, string> place) : IPackageArchives
{
    public string Description => Path.GetDirectoryName(folder)!;

    public bool IsShared => false;

    public ValueTask<bool> HasAsync(Guid id, CancellationToken ct) => new(File.Exists(PathOf(id)));

    public ValueTask<Stream?> OpenAsync(Guid id, CancellationToken ct)
    {
        try
        {
            return new(new FileStream(PathOf(id), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 0, FileOptions.Asynchronous));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return default;
        }
    }

    public ValueTask<bool> TryAddAsync(string file, Guid id, CancellationToken ct)
    {
        var path = PathOf(id);
        if (File.Exists(path)) return new(false);
        try
        {
            place(file, path);
            return new(true);
        }
        catch (IOException) when (File.Exists(path) && File.Exists(file))
        {
            return new(false); // another request has stored a package of that identifier at the same moment
        }
    }

    public ValueTask<bool> DeleteAsync(Guid id, CancellationToken ct)
    {
        var path = PathOf(id);
        var exists = File.Exists(path);
        if (exists) File.Delete(path);
        return new(exists);
    }

    public async IAsyncEnumerable<StoredArchive> ListAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var path in Directory.EnumerateFiles(folder, "*.zip", SearchOption.AllDirectories))
        {
            ct.ThrowIfCancellationRequested();
            if (!Guid.TryParseExact(Path.GetFileNameWithoutExtension(path), "D", out var id)) continue;
            var file = new FileInfo(path);
            yield return new StoredArchive(id, file.Length, new DateTimeOffset(file.LastWriteTimeUtc));
        }

        await ValueTask.CompletedTask;
    }

    public void Dispose()
    {
    }

    private string PathOf(Guid id) => Path.Combine(folder, id.ToString("N")[..2], $"{id}.zip");
}

/// <summary>Archives in an object store, which other gateways may use too.</summary>
/// <param name="store">The store; disposed with this.</param>
internal sealed class ObjectArchives(IObjectStore store) : IPackageArchives
{
    private const string Folder = "packages/";

    public string Description => store.Description;

    public bool IsShared => true;

    public async ValueTask<bool> HasAsync(Guid id, CancellationToken ct) => await store.StatAsync(NameOf(id), ct) is not null;

    public async ValueTask<Stream?> OpenAsync(Guid id, CancellationToken ct)
        => await store.StatAsync(NameOf(id), ct) is { } stat ? new SeekableObject(store, stat) : null;

    public async ValueTask<bool> TryAddAsync(string file, Guid id, CancellationToken ct)
    {
        await using var content = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 0,
            FileOptions.Asynchronous | FileOptions.SequentialScan);
        var written = await store.WriteAsync(NameOf(id), content, new ObjectWrite(IfExists.Refuse) { ContentType = "application/zip" }, ct);
        return written.Outcome == WriteOutcome.Written;
    }

    public ValueTask<bool> DeleteAsync(Guid id, CancellationToken ct) => store.DeleteAsync(NameOf(id), ct);

    public async IAsyncEnumerable<StoredArchive> ListAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var found in store.ListAsync(Folder, "", ct))
        {
            if (Guid.TryParseExact(Path.GetFileNameWithoutExtension(found.Name.Segments[^1]), "D", out var id)) yield return new StoredArchive(id,
                found.Length, found.Modified);
        }
    }

    public void Dispose() => store.Dispose();

    private static ObjectName NameOf(Guid id) => ObjectName.TryParse($"{Folder}{id.ToString("N")[..2]}/{id}.zip", out var name) ? name
        : throw new InvalidOperationException();
}

/// <summary>An object as a stream that can seek: one request to the store serves all reads in a row.</summary>
/// <param name="store">The store.</param>
/// <param name="stat">The object.</param>
internal sealed class SeekableObject(IObjectStore store, ObjectStat stat) : AsyncReadStream
{
    private Stream? _run;
    private long _position;

    public override bool CanSeek => true;

    public override long Length => stat.Length;

    public override long Position
    {
        get => _position;
        set
        {
            if (value == _position) return;
            _run?.Dispose();
            (_run, _position) = (null, value);
        }
    }

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => _position + offset,
        _ => Length + offset,
    };

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_position >= Length || buffer.IsEmpty) return 0;
        await BeginAsync(cancellationToken);
        var read = await _run!.ReadAsync(buffer, cancellationToken);
        if (read == 0) throw new EndOfStreamException("the object ended before its length");
        _position += read;
        return read;
    }

    /// <summary>The directory of a zip archive is read by <see cref="System.IO.Compression.ZipArchive.Entries"/>, which knows no other way.</summary>
    public override int Read(byte[] buffer, int offset, int count)
        => Task.Run(() => ReadAsync(buffer.AsMemory(offset, count)).AsTask()).GetAwaiter().GetResult();

    /// <summary>Sends the request for the next bytes, unless it is sent already.</summary>
    /// <exception cref="IOException">The object is gone, or another one has its name.</exception>
    public async ValueTask BeginAsync(CancellationToken ct)
    {
        if (_run is not null || _position >= Length) return;
        var opened = await store.OpenAsync(stat.Name, _position == 0 ? null : new ByteRange(_position, Length - _position), ct);
        _run = opened?.Content;
        if (opened?.Stat.ETag != stat.ETag) throw new IOException("the object was taken away or replaced while it was read");
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _run?.Dispose();
        base.Dispose(disposing);
    }
}
