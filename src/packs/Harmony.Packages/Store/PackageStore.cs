using System.Collections.Concurrent;
using System.Security.Cryptography;
using Harmony.Core.Faults;
using Microsoft.Extensions.Logging;

namespace Harmony.Packages.Store;

/// <summary>How much a store keeps. The oldest packages go first.</summary>
/// <param name="MaxPackages">Most packages; 0 for any number.</param>
/// <param name="MaxBytes">Most bytes of all archives; 0 for any number.</param>
/// <param name="MaxAge">Longest time; zero for ever.</param>
internal sealed record PackageLimits(int MaxPackages, long MaxBytes, TimeSpan MaxAge);

/// <summary>What became of a package that was offered.</summary>
internal enum StoreOutcome
{
    /// <summary>It is stored.</summary>
    Stored,

    /// <summary>The same bytes are there already.</summary>
    WasThere,

    /// <summary>Another package has the identifier.</summary>
    Conflict,
}

/// <summary>
/// Packages as zip archives below a folder: <c>packages/ab/ID.zip</c>. An archive gets its name when all of it is on the disk; a process that ends in
/// the middle leaves a file in <c>incoming</c>, which the next start takes away. One store serves all modules that name its folder.
/// </summary>
internal sealed class PackageStore : IDisposable
{
    private static readonly ConcurrentDictionary<string, Lazy<PackageStore>> Open = new(StringComparer.Ordinal);

    private readonly Lock _lock = new();
    private readonly string _packages;
    private readonly string _incoming;
    private readonly PackageIndex _index;
    private readonly TimeProvider _clock;
    private int _users;

    private PackageStore(string root, TimeProvider clock, ILogger logger)
    {
        (Root, _clock) = (root, clock);
        _packages = Directory.CreateDirectory(Path.Combine(root, "packages")).FullName;
        _incoming = Directory.CreateDirectory(Path.Combine(root, "incoming")).FullName;
        foreach (var file in Directory.EnumerateFiles(_incoming)) File.Delete(file);
        _index = PackageIndex.Open(Path.Combine(root, "index.db"));
        var found = Reconcile();
        if (found > 0) PackagesLog.Reindexed(logger, root, found);
    }

    /// <summary>The folder.</summary>
    public string Root { get; }

    /// <summary>A folder for files that are gone at the next start.</summary>
    public string Incoming => _incoming;

    /// <summary>The store of a folder: one for all that name it. Dispose it once for each call.</summary>
    /// <exception cref="GatewayException">The folder cannot be used.</exception>
    public static PackageStore Use(string root, TimeProvider clock, ILogger logger)
    {
        var full = Path.GetFullPath(root);
        while (true)
        {
            var lazy = Open.GetOrAdd(full, _ => new Lazy<PackageStore>(() => new PackageStore(full, clock, logger)));
            try
            {
                if (lazy.Value.TryEnter()) return lazy.Value;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or Microsoft.Data.Sqlite.SqliteException)
            {
                Open.TryRemove(KeyValuePair.Create(full, lazy));
                throw new GatewayException(FaultSource.Gateway, FaultKind.Unavailable, $"the package store '{root}' cannot be used: {e.GetType().Name}", e);
            }
        }
    }

    /// <summary>The archive of a package; null if there is none.</summary>
    public FileStream? TryOpen(Guid id)
    {
        try
        {
            return new FileStream(PathOf(id), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 0, FileOptions.Asynchronous);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>The path of the archive of a package, whether or not it is there.</summary>
    public string PathOf(Guid id) => Path.Combine(_packages, id.ToString("N")[..2], $"{id}.zip");

    /// <summary>The newest package of a study; null if there is none.</summary>
    public IndexedPackage? Newest(string studyInstanceUid) => OfStudy(studyInstanceUid) is [var newest, ..] ? newest : null;

    /// <summary>The packages of a study, the newest first.</summary>
    public IReadOnlyList<IndexedPackage> OfStudy(string studyInstanceUid) => [.. _index.OfStudy(studyInstanceUid).Where(p => File.Exists(PathOf(p.Id)))];

    /// <summary>A file for an archive that is being written.</summary>
    public FileStream Create()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Options = FileOptions.Asynchronous, BufferSize = 128 * 1024 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
        return new FileStream(Path.Combine(_incoming, $"{Guid.NewGuid():N}.part"), options);
    }

    /// <summary>Gives a complete archive its name, and indexes it.</summary>
    /// <param name="archive">A file of <see cref="Create"/>, written to its end. Closed and gone afterwards, whatever the outcome.</param>
    /// <param name="id">The identifier of the package.</param>
    /// <param name="studyInstanceUid">Its study; empty for none.</param>
    /// <param name="cancellation">Ends the comparison with what is there.</param>
    public async Task<StoreOutcome> StoreAsync(FileStream archive, Guid id, string studyInstanceUid, CancellationToken cancellation)
    {
        var temporary = archive.Name;
        try
        {
            await archive.FlushAsync(cancellation);
            archive.Flush(flushToDisk: true);
            var length = archive.Length;
            await archive.DisposeAsync();
            var path = PathOf(id);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            if (File.Exists(path)) return await IsSameAsync(temporary, path, cancellation) ? StoreOutcome.WasThere : StoreOutcome.Conflict;
            File.Move(temporary, path, overwrite: false);
            _index.Add(new IndexedPackage(id, studyInstanceUid, length, _clock.GetUtcNow()));
            return StoreOutcome.Stored;
        }
        catch (IOException) when (File.Exists(PathOf(id)) && File.Exists(temporary))
        {
            return StoreOutcome.Conflict; // another request has stored a package of that identifier at the same moment
        }
        finally
        {
            await archive.DisposeAsync();
            File.Delete(temporary);
        }
    }

    /// <summary>Takes a package away. False if there is none.</summary>
    public bool Delete(Guid id)
    {
        var path = PathOf(id);
        var exists = File.Exists(path);
        File.Delete(path);
        _index.Remove(id);
        return exists;
    }

    /// <summary>Takes away what goes over the limits, the oldest first.</summary>
    /// <returns>How many packages went.</returns>
    public int Trim(PackageLimits limits)
    {
        var all = _index.All();
        var (count, bytes, gone) = (all.Count, all.Sum(p => p.Length), 0);
        var oldest = limits.MaxAge == TimeSpan.Zero ? DateTimeOffset.MinValue : _clock.GetUtcNow() - limits.MaxAge;
        foreach (var package in all)
        {
            var isTooMuch = (limits.MaxPackages > 0 && count > limits.MaxPackages) || (limits.MaxBytes > 0 && bytes > limits.MaxBytes) || package.Stored < oldest;
            if (!isTooMuch) break;
            Delete(package.Id);
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
            Open.TryRemove(Root, out _);
            _index.Dispose();
        }
    }

    private bool TryEnter()
    {
        lock (_lock)
        {
            if (_users < 0 || (_users == 0 && !Open.ContainsKey(Root))) return false;
            _users++;
            return true;
        }
    }

    /// <summary>Brings the index to what is in the folder: a crash may have come between the archive and its entry.</summary>
    private int Reconcile()
    {
        var known = _index.All().ToDictionary(p => p.Id);
        var missing = new List<IndexedPackage>();
        foreach (var path in Directory.EnumerateFiles(_packages, "*.zip", SearchOption.AllDirectories))
        {
            if (!Guid.TryParseExact(Path.GetFileNameWithoutExtension(path), "D", out var id) || known.Remove(id)) continue;
            var file = new FileInfo(path);
            missing.Add(new IndexedPackage(id, StudyOf(path), file.Length, new DateTimeOffset(file.LastWriteTimeUtc)));
        }

        _index.AddAll(missing);
        foreach (var gone in known.Keys) _index.Remove(gone);
        return missing.Count;
    }

    private static string StudyOf(string path)
    {
        try
        {
            using var zip = System.IO.Compression.ZipFile.OpenRead(path);
            return PackageStudy.Of(zip) ?? "";
        }
        catch (InvalidDataException)
        {
            return "";
        }
    }

    private static async Task<bool> IsSameAsync(string first, string second, CancellationToken cancellation)
    {
        if (new FileInfo(first).Length != new FileInfo(second).Length) return false;
        var (one, other) = (await HashAsync(first, cancellation), await HashAsync(second, cancellation));
        return one.AsSpan().SequenceEqual(other);
    }

    private static async Task<byte[]> HashAsync(string path, CancellationToken cancellation)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 0, FileOptions.Asynchronous | FileOptions.SequentialScan);
        return await SHA256.HashDataAsync(file, cancellation);
    }
}
