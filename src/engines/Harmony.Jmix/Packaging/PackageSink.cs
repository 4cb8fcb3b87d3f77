namespace Harmony.Jmix.Packaging;

/// <summary>Where the files of a package go, one after the other: a folder, a zip, a tar archive.</summary>
public abstract class PackageSink : IAsyncDisposable
{
    /// <summary>Whether the length of a file has to be known before it begins.</summary>
    public virtual bool NeedsLength => false;

    /// <summary>Writes one file. The content may be written in pieces; the file ends when the returned stream is disposed.</summary>
    /// <param name="name">The name within the package, with forward slashes.</param>
    /// <param name="length">How long the file will be, bytes; null if nobody knows yet. A tar archive has to know.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public abstract ValueTask<Stream> AddAsync(string name, long? length, CancellationToken cancellation);

    /// <summary>Ends the package: writes what stands at its end and makes it visible, where that applies.</summary>
    public abstract ValueTask CompleteAsync(CancellationToken cancellation);

    /// <summary>Lets go of everything. A package that was not completed leaves nothing behind.</summary>
    public abstract ValueTask DisposeAsync();

    /// <summary>Writes one small file.</summary>
    public async ValueTask AddAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        await using var stream = await AddAsync(name, content.Length, cancellation);
        await stream.WriteAsync(content, cancellation);
    }
}
