using System.Diagnostics;
using Harmony.Dicom.Imaging.Isolation;
using Harmony.Testing;
using Harmony.Testing.Dicom;
using Xunit.Abstractions;

namespace Harmony.Dicom.Imaging.Tests.Codecs;

/// <summary>
/// Damaged code streams of every codec are an error or another picture: no crash, no hang, no other exception. <c>bench/fuzz.sh</c> does the same for an hour.
/// </summary>
public sealed class HostileCodeStreamTests(ITestOutputHelper output)
{
    private static readonly string? Seconds = Environment.GetEnvironmentVariable("HARMONY_FUZZ_SECONDS");

    public static TheoryData<string, string> Codecs() => new()
    {
        { "dcmcrle", "u12" }, { "dcmcrle", "rgb" },
        { "dcmcjpeg +eb", "u8" }, { "dcmcjpeg +eb +s2", "rgb" }, { "dcmcjpeg +ee", "u12" }, { "dcmcjpeg +ep", "rgb" },
        { "dcmcjpeg +e1", "u16" }, { "dcmcjpeg +el +sv 6", "rgb" },
        { "dcmcjpls +el", "u12" }, { "dcmcjpls +el", "rgb" }, { "dcmcjpls +en", "u8" },
        { "gdcmconv --j2k", "u16" }, { "gdcmconv --j2k -Y -r 8", "rgb" },
    };

    [DcmtkTheory("gdcmconv")]
    [MemberData(nameof(Codecs))]
    public async Task MutatedAndTruncated_IsAnErrorOrAPicture(string recipe, string kind)
    {
        var (set, syntax) = await CodeStreams.MakeAsync(Picture.Of(kind) with { Rows = 32, Columns = 40 }, recipe);
        var original = CodeStreams.Of(set);
        // Libraries of the system are given what is damaged in a process of their own, as in the gateway: a crash or an endless loop there is an error here.
        await using var decoder = new FrameDecoder(new FrameDecoderOptions
        {
            Worker = DecoderCommand.Of(typeof(Program).Assembly, "decode"),
            WorkerTimeout = TimeSpan.FromSeconds(20)
        });
        var (random, watch) = (new Random(recipe.Length + kind.Length), Stopwatch.StartNew());
        var rounds = Seconds is null ? 60 : int.MaxValue;
        var outcomes = new Dictionary<string, int>();
        for (var round = 0; round < rounds && (Seconds is null || watch.Elapsed.TotalSeconds < double.Parse(Seconds)); round++)
        {
            var image = DicomImage.Of(CodeStreams.Changed(set, _ => Mutate(original, random)), syntax);
            try
            {
                Assert.Equal(image.Format.FrameLength, (await decoder.DecodeAsync(image, 1).AsTask().Guarded()).Samples.Length);
                Count(outcomes, "decoded");
            }
            catch (ImagingException e)
            {
                Assert.NotEmpty(e.Message);
                Count(outcomes, $"{e.Kind}");
            }
        }

        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true), 0, 200_000_000);
        output.WriteLine(string.Join(", ", outcomes.Select(o => $"{o.Key} {o.Value}")));
        // Most damage is found by the decoder itself.
        Assert.InRange(outcomes.GetValueOrDefault("TimedOut") + outcomes.GetValueOrDefault("DecoderDied"), 0, outcomes.Values.Sum() / 3);
    }

    /// <summary>Whatever is cut off, the rest is no picture: shades that were never there would be taken for what was seen.</summary>
    [DcmtkTheory("gdcmconv")]
    [InlineData("dcmcrle", "u12")]
    [InlineData("dcmcjpeg +e1", "u16")]
    [InlineData("dcmcjpeg +el +sv 4", "rgb")]
    [InlineData("dcmcjpeg +eb", "u8")]
    [InlineData("dcmcjpeg +ee", "u12")]
    [InlineData("dcmcjpls +el", "u12")]
    [InlineData("gdcmconv --j2k", "u16")]
    public async Task HalfAFrame_IsAnError(string recipe, string kind)
    {
        var (set, syntax) = await CodeStreams.MakeAsync(Picture.Of(kind), recipe);
        var image = DicomImage.Of(CodeStreams.Changed(set, b => b[..(b.Length / 2)]), syntax);
        Assert.Equal(ImagingErrorKind.Corrupt, (await Assert.ThrowsAsync<ImagingException>(async () => await new FrameDecoder().DecodeAsync(image, 1))).Kind);
    }

    [DcmtkTheory("gdcmconv")]
    [InlineData("dcmcjpeg +eb", "u8")]
    [InlineData("dcmcjpeg +e1", "u16")]
    [InlineData("dcmcjpls +el", "u12")]
    [InlineData("gdcmconv --j2k", "u16")]
    public async Task CodeStreamOfAnotherSize_IsAnError_BeforeItIsDecoded(string recipe, string kind)
    {
        var (set, syntax) = await CodeStreams.MakeAsync(Picture.Of(kind), recipe);
        var image = DicomImage.Of(set.ToBuilder().Set(Data.DicomTag.Columns, 82).Build(), syntax);
        var error = await Assert.ThrowsAsync<ImagingException>(async () => await new FrameDecoder().DecodeAsync(image, 1));
        Assert.Equal(ImagingErrorKind.Corrupt, error.Kind);
        Assert.Contains("83 × 61", error.Message, StringComparison.Ordinal);
    }

    private static void Count(Dictionary<string, int> outcomes, string outcome) => outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;

    private static byte[] Mutate(byte[] original, Random random)
    {
        var bytes = original.ToArray();
        switch (random.Next(5))
        {
            case 0: return bytes[..random.Next(1, bytes.Length)];
            case 1: bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8)); break;
            case 2: for (var i = 0; i < 8; i++) bytes[random.Next(bytes.Length)] = (byte)random.Next(256); break;
            case 3:
                for (var i = random.Next(Math.Min(64, bytes.Length)); i < Math.Min(96, bytes.Length); i += random.Next(1,
                16)) bytes[i] = (byte)random.Next(256); break;
            default:
                var (from, length) = (random.Next(bytes.Length), random.Next(1, 64));
                for (var i = from; i < Math.Min(from + length, bytes.Length); i++) bytes[i] = 0xFF;
                break;
        }

        return bytes;
    }
}
