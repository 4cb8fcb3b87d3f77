namespace Harmony.Jmix.Packaging;

/// <summary>Writes a package as a folder. The folder appears under its name when it is complete.</summary>
public sealed class FolderSink : PackageSink
{
    private readonly string _target;
    private readonly string _building;
    private bool _completed;

    /// <summary>Starts a folder.</summary>
    /// <param name="target">The folder to be made; its parent exists, the folder does not.</param>
    /// <exception cref="IOException">The folder exists.</exception>
    public FolderSink(string target)
    {
        _target = Path.GetFullPath(target);
        if (Path.Exists(_target)) throw new IOException($"'{target}' exists already");
        _building = Path.Combine(Path.GetDirectoryName(_target)!, $".{Path.GetFileName(_target)}.{Guid.NewGuid():N}");
        Directory.CreateDirectory(_building);
    }

    /// <inheritdoc/>
    public override ValueTask<Stream> AddAsync(string name, long? length, CancellationToken cancellation)
    {
        var path = Path.Combine(_building, PackagePath.Normalize(name));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return new(new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 64 * 1024, FileOptions.Asynchronous));
    }

    /// <inheritdoc/>
    public override ValueTask CompleteAsync(CancellationToken cancellation)
    {
        Directory.Move(_building, _target);
        _completed = true;
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        if (!_completed && Directory.Exists(_building)) Directory.Delete(_building, recursive: true);
        return ValueTask.CompletedTask;
    }
}
