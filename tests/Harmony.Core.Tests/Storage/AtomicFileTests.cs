using System.Text;
using Harmony.Core.Storage;
using Harmony.Testing;

namespace Harmony.Core.Tests.Storage;

public sealed class AtomicFileTests
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Writers_OfOneFile_AllSucceed_AndTheFileIsThatOfOne(bool isDurable)
    {
        using var folder = new TestFolder();
        var path = folder.PathOf("note");
        var contents = Enumerable.Range(0, 8).Select(i => new string((char)('a' + i), 10_000)).ToList();
        Parallel.ForEach(contents, content => AtomicFile.Write(path, Encoding.ASCII.GetBytes(content), OwnerOnly, isDurable));
        Assert.Contains(File.ReadAllText(path), contents);
        Assert.Equal([path], Directory.GetFiles(folder.Path));
        if (!OperatingSystem.IsWindows()) Assert.Equal(OwnerOnly, File.GetUnixFileMode(path));
    }

    [Fact]
    public void File_ThatCannotTakeItsPlace_LeavesNothingBehind()
    {
        using var folder = new TestFolder();
        Directory.CreateDirectory(folder.PathOf("taken"));
        Assert.ThrowsAny<Exception>(() => AtomicFile.Write(folder.PathOf("taken"), "x"u8, OwnerOnly));
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Link_StaysALink_AndWhatItLeadsToIsReplaced()
    {
        using var folder = new TestFolder();
        var target = folder.Write("target", "old");
        File.CreateSymbolicLink(folder.PathOf("link"), target);
        AtomicFile.Write(folder.PathOf("link"), "new"u8, OwnerOnly);
        Assert.Equal("new", File.ReadAllText(target));
        Assert.NotNull(new FileInfo(folder.PathOf("link")).LinkTarget);
    }
}
