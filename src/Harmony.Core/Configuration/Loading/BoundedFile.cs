namespace Harmony.Core.Configuration;

/// <summary>
/// Reads the files that a configuration consists of or names. Only regular files, and only up to a bound: a device never ends, and a pipe
/// may never begin.
/// </summary>
public static class BoundedFile
{
    /// <summary>The most bytes that a file may have, where the caller names no other bound: 64 MiB.</summary>
    public const long DefaultLimit = 64 << 20;

    /// <summary>The bytes of a file; links are followed.</summary>
    /// <param name="path">The file.</param>
    /// <param name="limit">The most bytes it may have.</param>
    /// <exception cref="IOException">It is not there, is no regular file, or is longer; <see cref="Readable.Reason"/> says which.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static byte[] Read(string path, long limit = DefaultLimit)
    {
        using var stream = Open(path);
        // A file of /proc says that it has no length; what it holds is counted while it is read.
        if (stream.Length > limit) throw TooLong(limit);
        using var content = new MemoryStream((int)Math.Min(stream.Length, limit));
        var buffer = new byte[Math.Min(limit + 1, 81920)];
        while (stream.Read(buffer) is var count and > 0)
        {
            if (content.Length + count > limit) throw TooLong(limit);
            content.Write(buffer, 0, count);
        }

        return content.ToArray();
    }

    /// <summary>The text of a file, UTF-8 unless its first bytes say otherwise.</summary>
    /// <inheritdoc cref="Read"/>
    public static string ReadText(string path, long limit = DefaultLimit)
    {
        using var reader = new StreamReader(new MemoryStream(Read(path, limit)));
        return reader.ReadToEnd();
    }

    /// <summary>Opens a regular file. To open a pipe or a device would wait, or have an effect, so its kind is asked before.</summary>
    private static FileStream Open(string path)
    {
        if (!FileKind.MayBeRegular(path)) throw new IOException("it is no regular file");
        return new FileStream(path, new FileStreamOptions { Access = FileAccess.Read, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0 });
    }

    private static IOException TooLong(long limit) => new($"it has more than {limit} bytes");
}
