using Harmony.Dicom.Network.Associations;
using Harmony.Imaging.Services.DicomScu;
using Harmony.Testing;

namespace Harmony.Imaging.Tests.Services.DicomScu;

/// <summary>Who may ask a system that has let a request wait in vain.</summary>
public sealed class SilenceTests
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private readonly TestTimeProvider _clock = new();

    [Fact]
    public void AfterAPause_OneAsksAtATime()
    {
        var silence = new Silence(Pause, _clock);
        silence.Note(TimedOut);
        Assert.Throws<SilentSystemException>(silence.Enter);
        _clock.Advance(Pause + TimeSpan.FromMilliseconds(1));
        silence.Enter();
        Assert.Throws<SilentSystemException>(silence.Enter);
        silence.Note(new OperationCanceledException()); // whoever asked has gone, and another may ask
        silence.Enter();
        silence.Heard();
        silence.Enter();
        silence.Enter();
        Assert.False(silence.IsKnown);
    }

    /// <summary>A rejection is an answer, and that no association was free says nothing.</summary>
    [Fact]
    public void OnlyTimeOuts_AreSilence()
    {
        var silence = new Silence(Pause, _clock);
        silence.Note(new AssociationsBusyException(Pause));
        silence.Note(new IOException());
        Assert.False(silence.IsKnown);
        silence.Note(TimedOut);
        silence.Note(new AssociationsBusyException(Pause));
        Assert.True(silence.IsKnown);
        silence.Note(new IOException());
        Assert.False(silence.IsKnown);
    }

    [Fact]
    public void NoPause_AsksAlways()
    {
        var silence = new Silence(TimeSpan.Zero, _clock);
        silence.Note(TimedOut);
        silence.Enter();
        silence.Enter();
        Assert.False(silence.IsKnown);
    }

    private static AssociationTimeoutException TimedOut => new("it did not answer", Pause);
}
