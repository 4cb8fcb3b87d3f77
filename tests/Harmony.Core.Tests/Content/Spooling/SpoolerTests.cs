using System.Security.Cryptography;
using Harmony.Core.Content.Spooling;
using Harmony.Testing.Requirements;

namespace Harmony.Core.Tests.Content.Spooling;

public sealed class SpoolerTests
{
    private const int Most = Spooler.MostInMemory;

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(Most, false)]
    [InlineData(Most + 1, true)]
    [InlineData((3 * Most) + 17, true)]
    public async Task Bytes_BeyondTheThreshold_StandInAFileAndAreTheSame(int length, bool inFile)
    {
        var sent = RandomNumberGenerator.GetBytes(length);

        var (bytes, file) = (await Spooler.ReadAsync(new MemoryStream(sent), limit: 1 << 20, default))!.Value;

        using (file)
        {
            Assert.Equal(inFile, file is not null);
            Assert.Equal(sent, file is null ? bytes.ToArray() : await ReadAsync(file));
            if (file is null) return;
            using var view = file.Map();
            Assert.Equal(sent, view.Memory.ToArray());
            Assert.Equal(sent, await ReadAsync(file)); // as often as one likes
            await using var stream = file.OpenRead();
            stream.Seek(-17, SeekOrigin.End);
            var end = new byte[17];
            await stream.ReadExactlyAsync(end);
            Assert.Equal(sent[^17..], end);
        }
    }

    [Theory]
    [InlineData(10)]
    [InlineData(2 * Most)]
    public async Task MoreThanTheLimit_IsNull(int limit)
        => Assert.Null(await Spooler.ReadAsync(new MemoryStream(new byte[limit + 1]), limit, default));

    [PlatformFact("linux", "macos")]
    public async Task File_HasNoNameThatAnybodyCouldOpen()
    {
        var before = Directory.GetFiles(Path.GetTempPath(), "harmony-*");

        using var file = (await Spooler.ReadAsync(new MemoryStream(new byte[Most + 1]), limit: 1 << 20, default))!.Value.File;

        Assert.NotNull(file);
        Assert.Empty(Directory.GetFiles(Path.GetTempPath(), "harmony-*").Except(before));
    }

    private static async Task<byte[]> ReadAsync(SpooledFile file)
    {
        using var copy = new MemoryStream();
        await file.OpenRead().CopyToAsync(copy);
        return copy.ToArray();
    }
}
