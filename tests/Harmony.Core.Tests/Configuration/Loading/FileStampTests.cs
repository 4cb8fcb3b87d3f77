using Harmony.Core.Configuration;
using Harmony.Testing;

namespace Harmony.Core.Tests.Configuration.Loading;

/// <summary>What tells a file from the one that was there before.</summary>
public sealed class FileStampTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>certbot moves the link of a key to a file that may have the size of the one before, and its time in steps of the file system.</summary>
    [Fact]
    public void Link_MovedToAFileOfTheSameSizeAndTime_HasAnotherStamp()
    {
        var written = new DateTime(2026, 11, 21, 9, 30, 0, DateTimeKind.Utc);
        foreach (var name in new[] { "first", "second" }) File.SetLastWriteTimeUtc(_folder.Write(name, "12345"), written);
        var link = _folder.PathOf("link");
        File.CreateSymbolicLink(link, "first");
        var before = FileStamp.OfFile(link);
        Assert.Equal(before, FileStamp.OfFile(link));

        File.Delete(link);
        File.CreateSymbolicLink(link, "second");

        Assert.NotEqual(before, FileStamp.OfFile(link));
        Assert.Equal(FileStamp.OfFile(_folder.PathOf("first")), FileStamp.OfFile(_folder.PathOf("second")));
    }
}
