using Harmony.Core.Faults;
using Harmony.Core.Storage;

namespace Harmony.Core.Tests.Storage;

public sealed class FileFaultTests
{
    /// <summary>What passes by itself may be tried again. No fault names the file, and with it the patient.</summary>
    [Theory]
    [InlineData(24, FaultKind.Unavailable, true)] // EMFILE
    [InlineData(23, FaultKind.Unavailable, true)] // ENFILE
    [InlineData(28, FaultKind.StorageFull, true)] // ENOSPC
    [InlineData(27, FaultKind.StorageFull, true)] // EFBIG
    [InlineData(122, FaultKind.StorageFull, true)] // EDQUOT
    [InlineData(5, FaultKind.Internal, false)] // EIO
    public void Of_WhatTheSystemSays_HasItsKindAndNamesNoFile(int error, FaultKind kind, bool isRetryable)
    {
        var fault = FileFault.Of(new IOException("/archive/Mustermann.dcm", error), "/archive");
        Assert.Equal((FaultSource.Gateway, kind, isRetryable), (fault.FaultSource, fault.Kind, fault.Retryable));
        Assert.DoesNotContain("Mustermann", fault.ToString(), StringComparison.Ordinal);
    }
}
