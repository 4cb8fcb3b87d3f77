using System.Collections.Concurrent;
using System.Security.Cryptography;
using Harmony.Core.Faults;
using Harmony.Core.Storage;
using Microsoft.Extensions.Logging;

namespace Harmony.Packages.Store;

/// <summary>Limits of a store. The oldest packages are deleted first.</summary>
/// <param name="MaxPackages">Most packages; 0 for any number.</param>
/// <param name="MaxBytes">Most bytes of all archives; 0 for any number.</param>
/// <param name="MaxAge">Longest time; zero for ever.</param>
internal sealed record PackageLimits(int MaxPackages, long MaxBytes, TimeSpan MaxAge);

/// <summary>The outcome of storing a package.</summary>
internal enum StoreOutcome
{
    /// <summary>The package is stored.</summary>
    Stored,

    /// <summary>The same bytes were stored before.</summary>
    WasThere,

    /// <summary>Another package has the identifier; the offered one is not stored.</summary>
    Conflict,
}

/// <summary>
/// Packages as zip archives: <c>packages/ab/ID.zip</c> below a folder, or in the object store of <c>[storage]</c>. An archive is written in <c>incoming</c>
/// of the folder, and gets its name when it is complete; the next start deletes incomplete files of a process that crashed. One store serves all modules
/// that name its place.
/// </summary>
internal sealed class PackageStore : IDisposable
{
    private static readonly ConcurrentDictionary<(string Root, object? Objects), PackageStore> Open = new();

    private readonly (string Root, object? Objects) _key;
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _starting = new(1, 1);
    private readonly string _incoming;
    private readonly DurableFolders _folders;
    private readonly Lazy<IPackageArchives> _archives;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private PackageIndex? _index;
    private bool _isPrepared;
    private bool _isDisposed;
    private int _users;

    private PackageStore((string Root, object? Objects) key, Func<IObjectStore?>? open, TimeProvider clock, ILogger logger)
    {
        (_key, Root, _clock, _logger) = (key, key.Root, clock, logger);
        _incoming = Path.Combine(Root, "incoming");
        _folders = new DurableFolders(Root, isDurable: true);
        _archives = new Lazy<IPackageArchives>(() => open?.Invoke() is { } objects
            ? new ObjectArchives(objects)
            : new FolderArchives(Path.Combine(Root, "packages"), (file, path) => Place(file, path, overwrite: false)));
    }

    /// <summary>The folder of incomplete files and of the index, and of the archives unless they lie in an object store.</summary>
    public string Root { get; }

    /// <summary>The place of the archives, in words for log and <c>harmony explain</c>.</summary>
    public string Description => _archives.Value.Description;

    /// <summary>Whether other gateways may store packages there; <see cref="RefreshAsync"/> finds them.</summary>
    public bool IsShared => _archives.Value.IsShared;

    /// <summary>The folder of files that the next start deletes.</summary>
    public string Incoming
    {
        get
        {
            Prepare();
            return _incoming;
        }
    }

    /// <summary>
    /// The store of a place: callers that name one place share a store. Nothing is read or written before the first use. Dispose it once for each call.
    /// </summary>
    /// <param name="root">The folder.</param>
    /// <param name="clock">Tells the time.</param>
    /// <param name="logger">Receives the number of packages that the index did not have.</param>
    /// <param name="open">Opens the object store for the archives; null, or a function that returns null, for the folder.</param>
    /// <param name="objects">Identifies the object store; null without one.</param>
    public static PackageStore Use(string root, TimeProvider clock, ILogger logger, Func<IObjectStore?>? open = null, object? objects = null)
    {
        var key = (Path.GetFullPath(root), objects);
        while (true)
        {
            var store = Open.GetOrAdd(key, k => new PackageStore(k, open, clock, logger));
            if (store.TryEnter()) return store;
        }
    }

    /// <summary>
    /// Makes the folders, and deletes the incomplete files of an earlier process. Not called for a configuration that is only checked:
    /// another process may be using the folder.
    /// </summary>
    /// <exception cref="GatewayException">The folder cannot be used.</exception>
    public void Prepare()
    {
        lock (_lock)
        {
            if (_isPrepared) return;
            try
            {
                _folders.Make(_incoming);
                if (!IsShared) _folders.Make(Path.Combine(Root, "packages"));
                foreach (var file in Directory.EnumerateFiles(_incoming)) DeleteLeftover(file);
                _isPrepared = true;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw Unusable(e);
            }
        }
    }

    /// <summary>Opens the index, and reconciles it with the archives. The first caller does the work; others wait for it.</summary>
    /// <exception cref="GatewayException">Folder or object store cannot be used; the next call tries again.</exception>
    public async ValueTask<PackageIndex> StartAsync(CancellationToken ct)
    {
        if (Volatile.Read(ref _index) is { } ready) return ready;
        Prepare();
        await _starting.WaitAsync(ct);
        PackageIndex? index = null;
        try
        {
            if (_index is { } other) return other;
            index = PackageIndex.Open(Path.Combine(Root, "index.db"));
            await ReconcileAsync(index, ct);
            lock (_lock)
            {
                if (!_isDisposed) return _index = index;
            }

            throw new GatewayException(FaultSource.Gateway, FaultKind.Unavailable, $"the package store '{Description}' is closed", retryable: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or Microsoft.Data.Sqlite.SqliteException)
        {
            throw Unusable(e);
        }
        finally
        {
            if (index is not null && index != _index) index.Dispose();
            _starting.Release();
        }
    }

    /// <summary>Reconciles the index with the archives, such as those of other gateways.</summary>
    public async ValueTask RefreshAsync(CancellationToken ct) => await ReconcileAsync(await StartAsync(ct), ct);

    /// <summary>The archive of a package, which can seek and is read asynchronously; null if there is none.</summary>
    public ValueTask<Stream?> OpenAsync(Guid id, CancellationToken ct) => _archives.Value.OpenAsync(id, ct);

    /// <summary>The entry of a package; null if there is none.</summary>
    public async ValueTask<IndexedPackage?> FindAsync(Guid id, CancellationToken ct) => (await StartAsync(ct)).Find(id);

    /// <summary>The newest package of a study; null if there is none.</summary>
    public async ValueTask<IndexedPackage?> NewestAsync(string studyInstanceUid, CancellationToken ct)
    {
        foreach (var package in (await StartAsync(ct)).OfStudy(studyInstanceUid))
        {
            if (await _archives.Value.HasAsync(package.Id, ct)) return package;
        }

        return null;
    }

    /// <summary>Writes an archive. A failure leaves no file behind.</summary>
    /// <param name="write">Writes the content.</param>
    /// <returns>The file at its end, for <see cref="StoreAsync"/> or <see cref="DiscardAsync"/>.</returns>
    public async Task<FileStream> WriteAsync(Func<FileStream, Task> write)
    {
        var archive = Create();
        try
        {
            await write(archive);
            return archive;
        }
        catch
        {
            await DiscardAsync(archive);
            throw;
        }
    }

    /// <summary>Closes and deletes a file of <see cref="Create"/>, if it is still there.</summary>
    public static async ValueTask DiscardAsync(FileStream archive)
    {
        try
        {
            await archive.DisposeAsync();
        }
        catch (IOException)
        {
            // On a full disk the buffered rest cannot be written, which must not hide the first failure. The file is closed all the same.
        }

        File.Delete(archive.Name);
    }

    /// <summary>Creates a file for an archive.</summary>
    /// <param name="isTemporary">Whether the file is deleted when it is closed.</param>
    public FileStream Create(bool isTemporary = false)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Options = FileOptions.Asynchronous,
            BufferSize = 128 * 1024
        };
        if (isTemporary) options.Options |= FileOptions.DeleteOnClose;
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
        return new FileStream(Path.Combine(Incoming, $"{Guid.NewGuid():N}.part"), options);
    }

    /// <summary>Stores a complete archive, and indexes it.</summary>
    /// <param name="archive">A file of <see cref="Create"/>, written to its end. Closed and deleted afterwards, whatever the outcome.</param>
    /// <param name="id">The identifier of the package.</param>
    /// <param name="studyInstanceUid">Its study; empty for none.</param>
    /// <param name="cancellation">Ends the work.</param>
    public async Task<StoreOutcome> StoreAsync(FileStream archive, Guid id, string studyInstanceUid, CancellationToken cancellation)
    {
        try
        {
            await archive.FlushAsync(cancellation);
            archive.Flush(flushToDisk: true);
            var length = archive.Length;
            await archive.DisposeAsync();
            if (!await _archives.Value.TryAddAsync(archive.Name, id, cancellation))
                return await IsSameAsync(archive.Name, id, cancellation) ? StoreOutcome.WasThere : StoreOutcome.Conflict;
            (await StartAsync(cancellation)).Add(new IndexedPackage(id, studyInstanceUid, length, _clock.GetUtcNow()));
            return StoreOutcome.Stored;
        }
        finally
        {
            await DiscardAsync(archive);
        }
    }

    /// <summary>Moves a file of <see cref="Incoming"/> to its place below the root. The name is on the disk when this returns.</summary>
    /// <exception cref="IOException">There is a file of that name, or the disk is full.</exception>
    public void Place(string temporary, string path, bool overwrite)
    {
        var folder = Path.GetDirectoryName(path)!;
        _folders.Make(folder);
        AtomicFile.Place(temporary, path, overwrite);
    }

    /// <summary>Writes a small file below the root. A crash leaves the old file or the new one; the new one is on the disk when this returns.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void WriteNote(string path, ReadOnlySpan<byte> content)
    {
        using var note = Create();
        note.Write(content);
        note.Flush(flushToDisk: true);
        Place(note.Name, path, overwrite: true);
    }

    /// <summary>Deletes a file, unless a process is writing it: a writer holds a lock on its file.</summary>
    public static void DeleteLeftover(string file)
    {
        try
        {
            using var left = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.None, bufferSize: 0);
            File.Delete(file);
        }
        catch (IOException)
        {
            // Another process is writing the file, or has just deleted it.
        }
    }

    /// <summary>The fault of a failed file operation: disk full, out of descriptors, forbidden.</summary>
    /// <param name="e">The exception.</param>
    public GatewayException Fault(Exception e) => FileFault.Of(e, Root);

    /// <summary>Deletes a package. False if there is none.</summary>
    public async ValueTask<bool> DeleteAsync(Guid id, CancellationToken ct)
    {
        var index = await StartAsync(ct);
        var existed = await _archives.Value.DeleteAsync(id, ct);
        index.Remove(id);
        return existed;
    }

    /// <summary>Deletes packages until the limits are kept, the oldest first.</summary>
    /// <returns>The number of deleted packages.</returns>
    public async ValueTask<int> TrimAsync(PackageLimits limits, CancellationToken ct)
    {
        var all = (await StartAsync(ct)).All();
        var (count, bytes, gone) = (all.Count, all.Sum(p => p.Length), 0);
        var oldest = limits.MaxAge == TimeSpan.Zero ? DateTimeOffset.MinValue : _clock.GetUtcNow() - limits.MaxAge;
        foreach (var package in all)
        {
            var isTooMuch = (limits.MaxPackages > 0 && count > limits.MaxPackages) || (limits.MaxBytes > 0 && bytes > limits.MaxBytes)
                || package.Stored < oldest;
            if (!isTooMuch) break;
            await DeleteAsync(package.Id, ct);
            (count, bytes, gone) = (count - 1, bytes - package.Length, gone + 1);
        }

        return gone;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            if (--_users > 0) return;
            Open.TryRemove(KeyValuePair.Create(_key, this));
            _isDisposed = true;
            _index?.Dispose();
            if (_archives.IsValueCreated) _archives.Value.Dispose();
        }
    }

    private bool TryEnter()
    {
        lock (_lock)
        {
            if (_isDisposed) return false;
            _users++;
            return true;
        }
    }

    private GatewayException Unusable(Exception e)
        => new(FaultSource.Gateway, FaultKind.Unavailable, $"the package store '{Root}' cannot be used: {e.GetType().Name}", e);

    /// <summary>
    /// Reconciles the index with the archives: a crash may have come between an archive and its entry, and other gateways may share an object store.
    /// </summary>
    private async ValueTask ReconcileAsync(PackageIndex index, CancellationToken ct)
    {
        var known = index.All().ToDictionary(p => p.Id);
        var missing = new List<IndexedPackage>();
        await foreach (var archive in _archives.Value.ListAsync(ct))
        {
            if (!known.Remove(archive.Id)) missing.Add(new IndexedPackage(archive.Id, await StudyOfAsync(archive.Id, ct), archive.Length, archive.Stored));
        }

        index.AddAll(missing);
        foreach (var gone in known.Keys)
        {
            if (!await _archives.Value.HasAsync(gone, ct)) index.Remove(gone); // a list may not show yet what was written a moment ago
        }

        if (missing.Count > 0) PackagesLog.Reindexed(_logger, Description, missing.Count);
    }

    private async ValueTask<string> StudyOfAsync(Guid id, CancellationToken ct)
    {
        await using var archive = await OpenAsync(id, ct);
        return archive is null ? "" : await ArchiveContent.StudyAsync(archive, ct) ?? "";
    }

    private async Task<bool> IsSameAsync(string file, Guid id, CancellationToken ct)
    {
        await using var there = await OpenAsync(id, ct);
        await using var offered = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 0,
            FileOptions.Asynchronous | FileOptions.SequentialScan);
        if (there is null || there.Length != offered.Length) return false;
        var (one, other) = (await SHA256.HashDataAsync(there, ct), await SHA256.HashDataAsync(offered, ct));
        return one.AsSpan().SequenceEqual(other);
    }
}
