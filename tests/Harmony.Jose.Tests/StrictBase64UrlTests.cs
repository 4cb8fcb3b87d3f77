namespace Harmony.Jose.Tests;

public class StrictBase64UrlTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("AA", "00")]
    [InlineData("AAA", "0000")]
    [InlineData("_-_-", "FFEFFE")]
    [InlineData("A-z_4ZME", "03ECFFE19304")] // RFC 7515 appendix C
    [InlineData("A", null)]
    [InlineData("AA==", null)]
    [InlineData("AB", null)] // stray bits
    [InlineData("AAB", null)]
    [InlineData("A A", null)]
    [InlineData("AA\n", null)]
    [InlineData("+/AA", null)]
    [InlineData("ÄA", null)]
    public void TryDecode_OnlyWhatAnEncoderWrites(string text, string? hex)
    {
        Assert.Equal(hex is not null, StrictBase64Url.TryDecode(text, out var bytes));
        Assert.Equal(hex ?? "", Convert.ToHexString(bytes));
    }
}
