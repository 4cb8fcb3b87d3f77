using System.IO.Compression;
using Harmony.Dicom.Coding;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Files;
using Harmony.Dicom.Json;
using Harmony.Testing.Requirements;
using static Harmony.Dicom.Tests.Samples;

namespace Harmony.Dicom.Tests.Coding;

/// <summary>Whatever comes, it is read or refused with <see cref="DicomFormatException"/>, and costs no more than it is long.</summary>
public sealed class HostileInputTests
{
    private const uint Item = 0xFFFEE000, Undefined = 0xFFFFFFFF;

    public static TheoryData<string> Syntaxes() => [.. Native.Append(TransferSyntax.JPEG2000).Select(s => s.Uid)];

    [Theory]
    [MemberData(nameof(Syntaxes))]
    public async Task Truncated_AtEveryByte_IsRefusedOrRead(string uid)
    {
        var bytes = await SampleFileAsync(uid);
        for (var length = 0; length < bytes.Length; length++) Survive(bytes.AsMemory(0, length));
    }

    /// <summary>The same everywhere: what fails can be repeated.</summary>
    [Theory]
    [MemberData(nameof(Syntaxes))]
    public async Task Mutated_AtRandom_ThrowsNothingButFormatErrors(string uid)
    {
        var seed = 12345u;
        foreach (var original in (await SharedSamplesAsync()).Prepend(await SampleFileAsync(uid)))
        {
            for (var round = 0; round < 1500; round++)
            {
                var bytes = original.ToArray();
                for (var change = Next(8); change >= 0; change--) Mutate(bytes);
                Survive(bytes);
            }
        }

        void Mutate(byte[] bytes)
        {
            var at = Next(bytes.Length);
            bytes[at] = Next(4) switch { 0 => 0xFF, 1 => 0, 2 => bytes[Next(bytes.Length)], _ => (byte)Next(256) };
        }

        int Next(int below)
        {
            seed = (seed * 1664525) + 1013904223;
            return (int)((seed >> 8) % (uint)below);
        }
    }

    public static TheoryData<string, byte[]> Liars() => new()
    {
        { "value of 4 GiB", Element(0x7FE00010, "OW", [1, 2, 3, 4], 0xFFFFFFFE) },
        { "value of 400 MiB", Element(0x7FE00010, "OW", [1, 2, 3, 4], 400 << 20) },
        { "fragment of 400 MiB", [.. Element(0x7FE00010, "OB", [], Undefined), .. Implicit(Item, 0), .. Implicit(Item, 400 << 20, 1, 2)] },
        { "offset table of 400 MiB", [.. Element(0x7FE00010, "OB", [], Undefined), .. Implicit(Item, 400 << 20, 1, 2)] },
        { "fragment of undefined length", [.. Element(0x7FE00010, "OB", [], Undefined), .. Implicit(Item, 0), .. Implicit(Item, Undefined)] },
        { "element longer than its item and all there is",
            Element(0x00081140, "SQ", [.. Implicit(Item, 10), .. Element(0x00080119, "UC", "abcdefgh"u8, 400 << 20)]) },
        { "sequence of 400 MiB", [.. Element(0x00081140, "SQ", Implicit(Item, 400 << 20), 400 << 20), .. new byte[100]] },
        { "element header longer than its item", Element(0x00081140, "SQ", [.. Implicit(Item, 4), 8, 0, 0, 1], 12) },
        { "item of 2 GB where an element belongs", Implicit(Item, 0x7FFFFFF0, 1, 2, 3, 4) },
    };

    [Theory]
    [MemberData(nameof(Liars))]
    public async Task LyingLength_IsRefusedBeforeAnythingIsAllocated(string what, byte[] dataSet)
    {
        byte[] bytes = [.. Element(0x00080060, "CS", "CT"u8), .. dataSet];
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.ThrowsAny<DicomFormatException>(() => DicomReader.Read(bytes, TransferSyntax.ExplicitVRLittleEndian));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20, what);
        await Assert.ThrowsAnyAsync<DicomFormatException>(
            async () => await DicomReader.ReadAsync(new MemoryStream(bytes), TransferSyntax.ExplicitVRLittleEndian));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Sequences_TenThousandDeep_AreRefused(bool definedLengths)
    {
        var level = definedLengths ? 0 : Undefined;
        using var stream = new MemoryStream();
        for (var i = 0; i < 10_000; i++)
        {
            var left = (uint)((10_000 - i) * 20);
            stream.Write(Element(0x00081140, "SQ", [], definedLengths ? left - 12 : level));
            stream.Write(Implicit(Item, definedLengths ? left - 20 : level));
        }

        var e = Assert.Throws<DicomLimitException>(() => DicomReader.Read(stream.ToArray(), TransferSyntax.ExplicitVRLittleEndian));
        Assert.Contains("nested", e.Message, StringComparison.Ordinal);
        var deep = DicomReader.Read(stream.ToArray(), TransferSyntax.ExplicitVRLittleEndian, new DicomReadOptions { MaxDepth = 10_000 });
        Assert.Single(deep.DataSet);
    }

    [Fact]
    public async Task DeflateBomb_IsRefusedAtItsLimit()
    {
        using var bomb = new MemoryStream();
        await using (var deflate = new DeflateStream(bomb, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            await deflate.WriteAsync(Element(0x7FE00010, "OB", [], 0x0FFFFFF0));
            for (var i = 0; i < 64; i++) await deflate.WriteAsync(new byte[1 << 20]);
        }

        var options = new DicomReadOptions { MaxInflatedLength = 8 << 20 };
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<DicomLimitException>(() => DicomReader.Read(bomb.ToArray(), TransferSyntax.DeflatedExplicitVRLittleEndian, options));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 4 << 20);
    }

    [Theory]
    [InlineData("elements")]
    [InlineData("memory")]
    [InlineData("value")]
    [InlineData("total")]
    public async Task Limits_AreKept(string limit)
    {
        var options = limit switch
        {
            "elements" => new DicomReadOptions { MaxElements = 10 },
            "memory" => new DicomReadOptions { MaxMemory = 100 },
            "value" => new DicomReadOptions { MaxValueLength = 10 },
            _ => new DicomReadOptions { MaxTotalLength = 200 },
        };
        var bytes = await DicomWriter.ToBytesAsync(Everything(), TransferSyntax.ExplicitVRLittleEndian);
        Assert.Throws<DicomLimitException>(() => DicomReader.Read(bytes, TransferSyntax.ExplicitVRLittleEndian, options));
    }

    [Theory]
    [InlineData("")]
    [InlineData("GET / HTTP/1.1\r\nHost: pacs\r\n\r\n")]
    [InlineData("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0")]
    [InlineData("{\"00100010\": {}}")]
    public void File_ThatIsNoDicom_IsRefused(string text)
        => Assert.Throws<DicomFormatException>(() => DicomFile.Read(System.Text.Encoding.Latin1.GetBytes(text)));

    [Theory]
    [InlineData("[")]
    [InlineData("[]")]
    [InlineData("{\"nothing\": {}}")]
    [InlineData("{\"00100010\": 1}")]
    [InlineData("{\"00100010\": {\"vr\": \"XX\"}}")]
    [InlineData("{\"00100010\": {\"vr\": \"PN\", \"Value\": 1}}")]
    [InlineData("{\"00100010\": {\"vr\": \"PN\", \"Value\": [{\"Alphabetic\": 1}]}}")]
    [InlineData("{\"00280010\": {\"vr\": \"US\", \"Value\": [70000]}}")]
    [InlineData("{\"7FE00010\": {\"vr\": \"OW\", \"InlineBinary\": \"???\"}}")]
    [InlineData("{\"7FE00010\": {\"vr\": \"OW\", \"BulkDataURI\": 1}}")]
    [InlineData("{\"00081140\": {\"vr\": \"SQ\", \"Value\": [1]}}")]
    [InlineData("{\"00280010\": {\"vr\": \"US\", \"Value\": [512.5]}}")]
    [InlineData("{\"00720076\": {\"vr\": \"FL\", \"Value\": [1e40]}}")]
    [InlineData("{\"00720074\": {\"vr\": \"FD\", \"Value\": [\"-1e400\"]}}")]
    [InlineData("{\"00091001\": {\"vr\": \"UN\", \"Value\": [\"x\"]}}")]
    [InlineData("{\"00100020\": {\"vr\": \"LO\", \"Value\": [\"\\ud800\"]}}")]
    [InlineData("{\"00100010\": {\"vr\": \"PN\", \"Value\": [{\"Alphabetic\": \"\\udc00\"}]}}")]
    [InlineData("{\"00100010\": {\"vr\": \"\\ud800\"}}")]
    [InlineData("{\"7FE00010\": {\"vr\": \"OW\", \"BulkDataURI\": \"\\ud800\"}}")]
    [InlineData("{\"\\ud800\": {}}")]
    public void Json_OutsideTheModel_IsRefused(string json)
        => Assert.Throws<DicomFormatException>(() => DicomJsonReader.Read(System.Text.Encoding.UTF8.GetBytes(json)));

    private static async Task<byte[]> SampleFileAsync(string uid)
    {
        var syntax = TransferSyntax.Of(uid);
        using var stream = new MemoryStream();
        await DicomFile.Create(syntax.IsEncapsulated ? Encapsulated() : Everything(), syntax).WriteAsync(stream);
        return stream.ToArray();
    }

    private static async Task<IEnumerable<byte[]>> SharedSamplesAsync()
        => SharedFolder.Find("samples/dicom/study_1/series_3/CT.3.1.dcm") is { } file ? [await File.ReadAllBytesAsync(file)] : [];

    /// <summary>What was read can be used as well.</summary>
    private static void Survive(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            var file = DicomFile.Read(bytes, new DicomReadOptions { MaxMemory = 16 << 20 });
            DicomJsonWriter.ToUtf8(file.DataSet, new DicomJsonWriterOptions { BulkDataUri = (path, e) => e is DicomFragments ? path : null });
            foreach (var element in file.DataSet.OfType<DicomFragments>()) element.Frames(file.DataSet);
        }
        catch (DicomFormatException)
        {
            // Refused, and nothing else.
        }
    }
}
