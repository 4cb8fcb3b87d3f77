using System.Diagnostics;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Imaging.Isolation;
using Harmony.Dicom.Imaging.Transcoding;
using Harmony.Testing;

namespace Harmony.Dicom.Imaging.Tests.Isolation;

/// <summary>What a library of the system does to its process does not happen to this one.</summary>
public sealed class WorkerTests
{
    [Theory]
    [InlineData(nameof(TransferSyntax.JPEGLSLossless), "s12")]
    [InlineData(nameof(TransferSyntax.JPEG2000Lossless), "rgb")]
    public async Task Frames_AreDecodedInAnotherProcess_AndItIsUsedAgain(string keyword, string kind)
    {
        await using var decoder = Decoder("decode");
        var image = await ImageAsync(keyword, kind);
        for (var i = 0; i < 3; i++) Assert.Equal(
            Picture.Of(kind).Values(), Picture.ValuesOf(Imaging.Rendering.ColorScale.ToRgb(await decoder.DecodeAsync(image, 1).AsTask().Guarded())));
        Assert.Single(decoder.IdleWorkers);
    }

    [Fact]
    public async Task ProcessThatIsKilled_CostsNothingButItself()
    {
        await using var decoder = Decoder("decode");
        var image = await ImageAsync(nameof(TransferSyntax.JPEG2000Lossless), "u12");
        await decoder.DecodeAsync(image, 1).AsTask().Guarded();
        using (var worker = Process.GetProcessById(Assert.Single(decoder.IdleWorkers)))
        {
            worker.Kill();
            await worker.WaitForExitAsync(Guard.Token);
        }

        var error = await Assert.ThrowsAsync<ImagingException>(async () => await decoder.DecodeAsync(image, 1).AsTask().Guarded());
        Assert.Equal(ImagingErrorKind.DecoderDied, error.Kind);
        Assert.Equal(Picture.Of("u12").Values(), Picture.ValuesOf(await decoder.DecodeAsync(image, 1).AsTask().Guarded()));
    }

    [Theory]
    [InlineData("die", ImagingErrorKind.DecoderDied)]
    [InlineData("garbage", ImagingErrorKind.DecoderDied)]
    [InlineData("nothing", ImagingErrorKind.DecoderDied)]
    [InlineData("hang", ImagingErrorKind.TimedOut)]
    public async Task ProcessThatGoesWrong_IsAnError_AndIsEnded(string verb, ImagingErrorKind expected)
    {
        await using var decoder = Decoder(verb, TimeSpan.FromSeconds(verb == "hang" ? 1 : 60));
        var image = await ImageAsync(nameof(TransferSyntax.JPEGLSLossless), "u8");
        Assert.Equal(expected, (await Assert.ThrowsAsync<ImagingException>(async () => await decoder.DecodeAsync(image, 1).AsTask().Guarded())).Kind);
        Assert.Empty(decoder.IdleWorkers);
    }

    [Fact]
    public async Task ProgramThatIsNotThere_IsAnError()
    {
        await using var decoder = new FrameDecoder(new FrameDecoderOptions { Worker = new DecoderCommand("/no/such/program", []) });
        var image = await ImageAsync(nameof(TransferSyntax.JPEGLSLossless), "u8");
        Assert.Equal(ImagingErrorKind.DecoderDied,
            (await Assert.ThrowsAsync<ImagingException>(async () => await decoder.DecodeAsync(image, 1).AsTask().Guarded())).Kind);
    }

    [Fact]
    public async Task DamagedFrame_IsTheSameErrorAsInThisProcess()
    {
        await using var decoder = Decoder("decode");
        var image = await ImageAsync(nameof(TransferSyntax.JPEG2000Lossless), "u12", cut: 100);
        Assert.Equal(
            ImagingErrorKind.Corrupt, (await Assert.ThrowsAsync<ImagingException>(async () => await decoder.DecodeAsync(image, 1).AsTask().Guarded())).Kind);
        Assert.Single(decoder.IdleWorkers);
    }

    private static FrameDecoder Decoder(string verb, TimeSpan? timeout = null) => new(new FrameDecoderOptions
    {
        Worker = DecoderCommand.Of(typeof(Program).Assembly, verb), WorkerTimeout = timeout ?? TimeSpan.FromSeconds(60),
    });

    private static async Task<DicomImage> ImageAsync(string keyword, string kind, int? cut = null)
    {
        var syntax = TransferSyntax.All.Single(s => s.Keyword == keyword);
        using var made = await new ImageTranscoder(new FrameDecoder())
            .TranscodeAsync(Picture.Of(kind).DataSet(), TransferSyntax.ExplicitVRLittleEndian, syntax);
        return DicomImage.Of(cut is { } length ? CodeStreams.Changed(made.DataSet, b => b[..length]) : made.DataSet, syntax);
    }
}
