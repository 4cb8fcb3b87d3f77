using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Harmony.Jmix.Packaging;
using Harmony.Jmix.Reading;
using Harmony.Testing;

namespace Harmony.Jmix.Tests;

/// <summary>Archives of strangers (threats: zip-slip, links, bombs): each its own refusal, and nothing is written outside the folder.</summary>
public sealed class HostileArchiveTests : IDisposable
{
    private readonly TestFolder _folder = new();

    [Theory]
    [InlineData("../evil")]
    [InlineData("a/../../evil")]
    [InlineData("/etc/evil")]
    [InlineData("a\\..\\..\\evil")]
    [InlineData("C:\\evil")]
    [InlineData("C:evil")]
    [InlineData("a//b")]
    [InlineData("a/./b")]
    [InlineData("a/NUL")]
    [InlineData("com1.txt")]
    [InlineData("a/lpt9.dcm")]
    [InlineData("a\u0000b")]
    [InlineData("a\nb")]
    [InlineData("trailing.")]
    [InlineData("trailing ")]
    [InlineData("a|b")]
    [InlineData("1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17/18/19/20/21/22/23/24/25/26/27/28/29/30/31/32/33")]
    public async Task UnsafeName_IsRefused(string name)
    {
        var zip = Zip((name, "x"));
        var fault = await Assert.ThrowsAsync<JmixException>(() => UnpackAsync(zip, PackageContainer.Zip));

        Assert.Equal(JmixFault.UnsafeName, fault.Fault);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.PathOf("target")));
    }

    [Theory]
    [InlineData("a", "a")]
    [InlineData("a", "A")]
    [InlineData("a", "a/b")]
    [InlineData("a/b", "A")]
    [InlineData("./a", "a")]
    public async Task NameUsedTwice_IsRefused(string first, string second)
        => Assert.Equal(JmixFault.DuplicateName,
            (await Assert.ThrowsAsync<JmixException>(() => UnpackAsync(Zip((first, "1"), (second, "2")), PackageContainer.Zip))).Fault);

    [Fact]
    public async Task ZipWithALink_IsRefused()
    {
        var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            var entry = zip.CreateEntry("link");
            entry.ExternalAttributes = unchecked((int)0xA1FF0000);
            await using var content = await entry.OpenAsync();
            await content.WriteAsync("/etc/passwd"u8.ToArray());
        }

        Assert.Equal(JmixFault.UnsafeEntry, (await Assert.ThrowsAsync<JmixException>(() => UnpackAsync(stream, PackageContainer.Zip))).Fault);
    }

    [Theory]
    [InlineData(TarEntryType.SymbolicLink)]
    [InlineData(TarEntryType.HardLink)]
    [InlineData(TarEntryType.CharacterDevice)]
    [InlineData(TarEntryType.Fifo)]
    public async Task TarWithALinkOrDevice_IsRefused(TarEntryType type)
    {
        var stream = new MemoryStream();
        await using (var tar = new TarWriter(stream, leaveOpen: true))
        {
            var entry = new PaxTarEntry(type, "link");
            if (type is TarEntryType.SymbolicLink or TarEntryType.HardLink) entry.LinkName = "/etc/passwd";
            await tar.WriteEntryAsync(entry);
        }

        Assert.Equal(JmixFault.UnsafeEntry, (await Assert.ThrowsAsync<JmixException>(() => UnpackAsync(stream, PackageContainer.Tar))).Fault);
    }

    [Fact]
    public async Task ZipBomb_IsStoppedAtItsRatio()
    {
        var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            await using var content = await zip.CreateEntry("bomb", CompressionLevel.SmallestSize).OpenAsync();
            var zeros = new byte[1 << 20];
            for (var i = 0; i < 100; i++) await content.WriteAsync(zeros);
        }

        Assert.Equal(JmixFault.TooLarge, (await Assert.ThrowsAsync<JmixException>(() => UnpackAsync(stream, PackageContainer.Zip))).Fault);
        Assert.True(Directory.EnumerateFiles(_folder.PathOf("target")).Sum(f => new FileInfo(f).Length) < 64 << 20);
    }

    [Fact]
    public async Task GzipBomb_IsStoppedAtItsRatio()
    {
        var stream = new MemoryStream();
        await using (var gzip = new GZipStream(stream, CompressionLevel.SmallestSize, leaveOpen: true))
        await using (var sink = new TarSink(gzip))
        {
            await using (var content = await sink.AddAsync("bomb", 100 << 20, default))
            {
                for (var i = 0; i < 100; i++) await content.WriteAsync(new byte[1 << 20]);
            }

            await sink.CompleteAsync(default);
        }

        Assert.Equal(JmixFault.TooLarge, (await Assert.ThrowsAsync<JmixException>(() => UnpackAsync(stream, PackageContainer.TarGz))).Fault);
    }

    [Fact]
    public async Task TooManyEntries_AreRefused()
        => Assert.Equal(JmixFault.TooLarge, (await Assert.ThrowsAsync<JmixException>(
            () => UnpackAsync(Zip([.. Enumerable.Range(0, 50).Select(i => ($"f{i}", "x"))]), PackageContainer.Zip,
                new UnpackLimits { MaxEntries = 49 }))).Fault);

    [Fact]
    public async Task TarThatClaimsTenGigabytes_EndsInTheMiddle()
    {
        var stream = new MemoryStream();
        await using (var sink = new TarSink(stream))
        {
            var content = await sink.AddAsync("claim", 10L << 30, default);
            await content.WriteAsync(new byte[1000]);
            await Assert.ThrowsAsync<InvalidDataException>(async () => await content.DisposeAsync());
        }

        Assert.Equal(JmixFault.Malformed, (await Assert.ThrowsAsync<JmixException>(() => UnpackAsync(stream, PackageContainer.Tar))).Fault);
    }

    [Theory]
    [InlineData(22)]
    [InlineData(60)]
    [InlineData(5)]
    public async Task ArchiveCutOff_IsRefused(int missing)
    {
        var bytes = Zip(("a", "some content")).ToArray();
        await Assert.ThrowsAsync<JmixException>(() => UnpackAsync(new MemoryStream(bytes[..^missing]), PackageContainer.Zip));
    }

    [Fact]
    public async Task RandomDamage_NeverCrashesNorWritesOutside()
    {
        var good = Zip(("manifest.json", "{}"), ("payload/metadata.json", "{}"), ("payload/dicom/1.dcm", new string('x', 500))).ToArray();
        var random = new System.Random(20260131);
        for (var i = 0; i < 500; i++)
        {
            var bytes = (byte[])good.Clone();
            for (var n = 0; n <= i % 4; n++) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            try
            {
                await UnpackAsync(new MemoryStream(bytes), PackageContainer.Zip);
            }
            catch (JmixException)
            {
                // What is damaged is refused; what the damage left intact may pass.
            }
        }

        Assert.Equal(["target"], Directory.EnumerateFileSystemEntries(_folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public async Task FileThatIsNoArchive_IsRefused()
    {
        var path = _folder.Write("x.zip", "<html>not found</html>");
        var fault = await Assert.ThrowsAsync<JmixException>(() => JmixReader.OpenAsync(path, new JmixReadOptions(), default));

        Assert.Equal("'x.zip' is neither a zip nor a tar.gz archive", fault.Message);
    }

    public void Dispose() => _folder.Dispose();

    private static MemoryStream Zip(params (string Name, string Text)[] entries)
    {
        var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, text) in entries)
            {
                using var content = zip.CreateEntry(name).Open();
                content.Write(Encoding.UTF8.GetBytes(text));
            }
        }

        return stream;
    }

    private async Task UnpackAsync(MemoryStream archive, PackageContainer container, UnpackLimits? limits = null)
    {
        archive.Position = 0;
        var target = _folder.PathOf("target");
        if (Directory.Exists(target)) Directory.Delete(target, recursive: true);
        Directory.CreateDirectory(target);
        await SafeUnpacker.UnpackAsync(archive, container, target, limits ?? UnpackLimits.Default, default);
    }
}
