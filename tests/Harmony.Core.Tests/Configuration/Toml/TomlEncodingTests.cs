using System.Text;
using Harmony.Core.Configuration.Toml;

namespace Harmony.Core.Tests.Configuration.Toml;

public class TomlEncodingTests
{
    [Fact]
    public void ByteOrderMark_AtTheStart_IsSkipped() => Assert.Equal("1,1", TomlText.Read("\ufeffv = 1").Entry("v").KeyLocation.Place());

    [Fact]
    public void ByteOrderMark_Later_IsRefused() =>
        Assert.Equal("2,1: U+FEFF (a byte order mark, which may only start the file) is not allowed in a key", TomlText.Error("a = 1\n\ufeffb = 1"));

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("\r\n \t \r\n# comment é\r\n#")]
    public void Document_WithoutStatements_IsEmpty(string toml) => Assert.Empty(TomlText.Read(toml));

    [Fact]
    public void Bytes_OfAnotherEncoding_AreReportedOnceAndTheOtherLinesStillRead()
    {
        var table = TomlText.Read(Encoding.Latin1.GetBytes("a = 1\nb = 'Müller'\n# Größe\nö = 1\nc = tru\nd = 2"), out var problems);
        Assert.Equal(
            ["(2,7): byte 0xFC is not valid UTF-8: save the file as UTF-8", "(5,5): 'tru' is not a value; strings need quotes: \"tru\""],
            problems.Select(p => $"({p.Location.Place()}): {p.Message}"));
        Assert.Equal(2, Assert.IsType<TomlInteger>(table.At("d")).Value);
    }

    [Theory]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 })]
    [InlineData(new byte[] { 0xC0, 0x80 })]
    [InlineData(new byte[] { 0xF4, 0x90, 0x80, 0x80 })]
    [InlineData(new byte[] { 0xE2, 0x82 })]
    public void Bytes_NotUtf8_AreRefusedEvenInComments(byte[] bytes)
    {
        TomlText.Read([(byte)'#', .. bytes], out var problems);
        Assert.Equal("1,2", Assert.Single(problems).Location.Place());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Document_InUtf16_IsRefusedWithThatReason(bool bigEndian)
    {
        var encoding = new UnicodeEncoding(bigEndian, byteOrderMark: true);
        foreach (var bytes in new[] { encoding.GetBytes("a = 1"), [.. encoding.GetPreamble(), .. encoding.GetBytes("a = 1")] })
        {
            TomlText.Read(bytes, out var problems);
            Assert.Equal("the file is UTF-16: save it as UTF-8", Assert.Single(problems).Message);
        }
    }

    [Fact]
    public void Document_ThatIsNotText_IsRefusedWithThatReason()
    {
        TomlText.Read([.. "\u007fELF"u8, .. new byte[32], .. "a = = 1"u8], out var problems);
        Assert.Equal("the file is not text: name a TOML file", Assert.Single(problems).Message);
    }

    [Theory]
    [InlineData("# a\u0000", "1,4: U+0000 (a control character) is not allowed in a comment")]
    [InlineData("# a\rb", "1,4: a carriage return without a line feed is not allowed in a comment")]
    [InlineData("a = 1\r", "1,5: a carriage return without a line feed is not allowed in a value")]
    [InlineData("a = 'b' \u007f", "1,9: expected the end of the line after the value, found U+007F (a control character)")]
    [InlineData("a = 1\f", "1,5: U+000C (a control character) is not allowed in a value")]
    [InlineData("\v", "1,1: U+000B (a control character) is not allowed in a key")]
    public void ControlCharacter_Anywhere_IsRefused(string toml, string error) => Assert.Equal(error, TomlText.Error(toml));
}
