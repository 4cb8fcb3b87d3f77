using System.Text;

namespace Harmony.Core.Storage;

/// <summary>
/// The media types of files whose names say another: small files in <c>.types</c> below the root, which name the entity tag they belong to, so that a note
/// about an earlier file of the name is none.
/// </summary>
/// <param name="root">The store's folder.</param>
internal sealed class ContentTypeNotes(string root)
{
    /// <summary>Most characters of a note.</summary>
    private const int MaxLength = 1024;

    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;

    /// <summary>The media type of a file.</summary>
    public string Of(ObjectName name, string tag)
    {
        try
        {
            var note = new FileInfo(PathOf(name));
            if (!note.Exists || note.Length > MaxLength) return ObjectContentType.Of(name);
            var lines = File.ReadAllLines(note.FullName);
            return lines is [var of, var type] && of == tag ? type : ObjectContentType.Of(name);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ObjectContentType.Of(name); // the file is what counts
        }
    }

    /// <summary>Notes the media type of a file where its name says another.</summary>
    /// <exception cref="IOException">The note cannot be written.</exception>
    public void Keep(ObjectName name, string tag, string? type)
    {
        if (type is null || type == ObjectContentType.Of(name) || type.Length > MaxLength / 2 || type.Any(char.IsControl)) return;
        var path = PathOf(name);
        DurableFolders.Create(Path.GetDirectoryName(path)!);
        AtomicFile.Write(path, Encoding.UTF8.GetBytes($"{tag}\n{type}\n"), Mode, isDurable: false); // the file is what counts
    }

    /// <summary>Deletes the note about a file that is gone.</summary>
    public void Forget(ObjectName name)
    {
        try
        {
            File.Delete(PathOf(name));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // No file has its tag any more.
        }
    }

    private string PathOf(ObjectName name) => Path.Combine(root, ".types", name.Text.Replace('/', Path.DirectorySeparatorChar) + ".type");
}
