namespace Harmony.Jmix.Packaging;

/// <summary>Writes the files of a package, one after the other, to a folder, a zip or a tar archive.</summary>
public abstract class PackageSink : IAsyncDisposable
{
    /// <summary>Whether the length of a file has to be known before it begins.</summary>
    public virtual bool NeedsLength => false;

    /// <summary>Writes one file. The content may be written in pieces; the file ends when the returned stream is disposed.</summary>
    /// <param name="name">The name within the package, with forward slashes.</param>
    /// <param name="length">The length of the file in bytes; null if unknown. A tar archive needs the length.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public abstract ValueTask<Stream> AddAsync(string name, long? length, CancellationToken cancellation);

    /// <summary>Ends the package: writes the end of an archive, or gives a folder its name.</summary>
    public abstract ValueTask CompleteAsync(CancellationToken cancellation);

    /// <summary>Ends the writing. A package that was not completed leaves nothing behind.</summary>
    public abstract ValueTask DisposeAsync();

    /// <summary>Writes one small file.</summary>
    public async ValueTask AddAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        await using var stream = await AddAsync(name, content.Length, cancellation);
        await stream.WriteAsync(content, cancellation);
    }
}
