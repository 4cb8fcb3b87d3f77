using Harmony.Dicom.Data.Uids;

namespace Harmony.Dicom.Tests.Data.Uids;

public sealed class UidTests
{
    [Fact]
    public void Keyword_NamesSopClassesAndTransferSyntaxes()
    {
        Assert.Equal("CTImageStorage", Uid.Keyword(Uid.CTImageStorage));
        Assert.Equal("JPEG2000Lossless", Uid.Keyword("1.2.840.10008.1.2.4.90"));
        Assert.Null(Uid.Keyword("1.2.3"));
    }

    [Theory]
    [InlineData("1.2.840.10008.1.2", true)]
    [InlineData("0.0", true)]
    [InlineData("", false)]
    [InlineData("1..2", false)]
    [InlineData("1.02", false)]
    [InlineData("1.2.", false)]
    [InlineData("1.2/../../etc", false)]
    [InlineData("1.2\0", false)]
    [InlineData("1.23456789.23456789.23456789.23456789.23456789.23456789.23456789", true)]
    [InlineData("1.23456789.23456789.23456789.23456789.23456789.23456789.234567890", false)]
    public void IsValid_FollowsTheStandard(string uid, bool valid) => Assert.Equal(valid, Uid.IsValid(uid));

    [Theory]
    [InlineData("1.2.840.10008.1.2", true)]
    [InlineData("1..2", true)]
    [InlineData("1.02.003", true)]
    [InlineData("1.2.", true)]
    [InlineData("7", true)]
    [InlineData("", false)]
    [InlineData(".1", false)]
    [InlineData("..", false)]
    [InlineData("1.2/3", false)]
    [InlineData("1.2\0", false)]
    [InlineData("1.2 ", false)]
    [InlineData("1.2.x", false)]
    [InlineData("1.2.\u0663", false)]
    public void IsTolerable_IsWhatDevicesSendAndNothingThatMisleads(string uid, bool tolerable) => Assert.Equal(tolerable, Uid.IsTolerable(uid));

    [Theory]
    [InlineData(64, true)]
    [InlineData(128, true)]
    [InlineData(129, false)]
    public void IsTolerable_HasALimit(int length, bool tolerable) => Assert.Equal(tolerable, Uid.IsTolerable("1." + new string('2', length - 2)));

    [Fact]
    public void Create_IsValidAndOfTheUuid()
    {
        Assert.Equal("2.25.329800735698586629295641978511506172918", Uid.Create(Guid.Parse("f81d4fae-7dec-11d0-a765-00a0c91e6bf6")));
        Assert.True(Uid.IsValid(Uid.Create()));
    }

    [Theory]
    [InlineData("1.2.840.10008.1.2", false, false, false, false, false)]
    [InlineData("1.2.840.10008.1.2.2", true, true, false, false, false)]
    [InlineData("1.2.840.10008.1.2.1.99", true, false, true, false, false)]
    [InlineData("1.2.840.10008.1.2.4.50", true, false, false, true, true)]
    [InlineData("1.2.840.10008.1.2.5", true, false, false, true, false)]
    [InlineData("1.2.3.4", true, false, false, true, false)] // a private one
    public void TransferSyntax_HasItsProperties(string uid, bool isExplicit, bool bigEndian, bool deflated, bool encapsulated, bool lossy)
    {
        var syntax = TransferSyntax.Of(uid);
        Assert.Equal((isExplicit, bigEndian, deflated, encapsulated, lossy),
            (syntax.IsExplicitVr, syntax.IsBigEndian, syntax.IsDeflated, syntax.IsEncapsulated, syntax.IsLossy));
    }
}
