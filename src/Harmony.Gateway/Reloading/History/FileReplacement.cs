using System.Security.Cryptography;
using System.Text.Json;
using Harmony.Core.Configuration;
using Harmony.Core.Storage;

namespace Harmony.Gateway.Reloading.History;

/// <summary>
/// Files from a program, not the user, put in the place of the current ones until they are known to run. A journal beside the main file says what
/// stood there before; it is on the disk before the first file is touched. A process that ends in between finds the journal at its next start, and begins
/// with the files as they were.
/// </summary>
internal sealed class FileReplacement
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _journal;
    private readonly IReadOnlyList<ReplacedFile> _files;

    private FileReplacement(string journal, IReadOnlyList<ReplacedFile> files) => (_journal, _files) = (journal, files);

    /// <summary>Writes the files.</summary>
    /// <param name="mainFile">The main file of the configuration.</param>
    /// <param name="files">Absolute paths and what stands there from now on.</param>
    /// <exception cref="IOException">A file cannot be written; everything is as before.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be written; everything is as before.</exception>
    public static FileReplacement Begin(string mainFile, IReadOnlyList<(string Path, byte[] Content)> files)
    {
        var replacement = new FileReplacement(JournalOf(mainFile), [.. files.Select(f => ReplacedFile.Of(f.Path, f.Content))]);
        AtomicFile.Write(replacement._journal, JsonSerializer.SerializeToUtf8Bytes(replacement._files), OwnerOnly);
        try
        {
            foreach (var ((path, content), file) in files.Zip(replacement._files)) Put(path, content, file.Mode);
        }
        catch
        {
            replacement.Undo();
            throw;
        }

        return replacement;
    }

    /// <summary>Puts back what a process that ended in between has left.</summary>
    /// <param name="mainFile">The main file of the configuration.</param>
    /// <param name="problems">Takes what cannot be put back.</param>
    public static void Recover(string mainFile, ConfigProblems problems)
    {
        var journal = JournalOf(mainFile);
        if (!File.Exists(journal)) return;
        try
        {
            var files = JsonSerializer.Deserialize<List<ReplacedFile>>(BoundedFile.Read(journal)) ?? [];
            new FileReplacement(journal, files).Undo();
            problems.Warning(SourceLocation.None, "a change of the configuration was interrupted when the process ended; the files were restored");
        }
        catch (Exception e) when (e is JsonException || Readable.IsReadFailure(e))
        {
            problems.Error(new SourceLocation(journal, 0, 0),
                "a change of the configuration was interrupted, and its files cannot be restored; check the configuration files, then remove this file");
        }
    }

    /// <summary>The files stay.</summary>
    public void Keep() => File.Delete(_journal);

    /// <summary>Puts everything back. A file that has been edited since stays as it is.</summary>
    public void Undo()
    {
        foreach (var file in _files.Where(f => File.Exists(f.Path) && ReplacedFile.HashOf(BoundedFile.Read(f.Path)) == f.After))
        {
            if (file.Before is { } before) Put(file.Path, before, file.Mode);
            else File.Delete(file.Path);
        }

        File.Delete(_journal);
    }

    private static string JournalOf(string mainFile)
    {
        var full = Path.GetFullPath(mainFile);
        return Path.Combine(Path.GetDirectoryName(full) ?? "/", $".{Path.GetFileName(full)}.applying");
    }

    private static void Put(string path, byte[] content, UnixFileMode mode)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        AtomicFile.Write(path, content, mode);
    }

    /// <summary>A file as it was, and the mark of what it becomes.</summary>
    /// <param name="Path">Absolute path.</param>
    /// <param name="Before">Its bytes; null where there was none.</param>
    /// <param name="Mode">The permissions of the file.</param>
    /// <param name="After">SHA-256 of what replaces it.</param>
    private sealed record ReplacedFile(string Path, byte[]? Before, UnixFileMode Mode, string After)
    {
        public static ReplacedFile Of(string path, byte[] content)
        {
            if (!File.Exists(path)) return new ReplacedFile(path, null, OwnerOnly, HashOf(content));
            var before = KeptFile.Read(path);
            return new ReplacedFile(path, before.Content, before.Mode, HashOf(content));
        }

        public static string HashOf(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));
    }
}
