using System.Text;
using System.Text.Json.Nodes;
using Harmony.Core.Configuration;
using Harmony.Core.Content;
using Harmony.Core.Content.Formats;
using Harmony.Core.Faults;

namespace Harmony.Core.Tests.Content;

/// <summary>What senders of the field get wrong or do in their own way, format by format.</summary>
public sealed class LenientSendersTests
{
    private static readonly ContentLimitsSection Limits = new();

    static LenientSendersTests() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    [Theory]
    [InlineData("windows-1252", "€ Müller")]
    [InlineData("Windows-1252", "€")]
    [InlineData("ISO-8859-1", "Müller")]
    [InlineData("ISO-8859-2", "Łódź")]
    [InlineData("ISO-8859-15", "€ Œuvre")]
    [InlineData("windows-1251", "Иванов")]
    [InlineData("KOI8-R", "Иванов")]
    [InlineData("Shift_JIS", "山田")]
    [InlineData("EUC-JP", "山田")]
    [InlineData("GB2312", "王")]
    [InlineData("GB18030", "王")]
    [InlineData("EUC-KR", "홍길동")]
    [InlineData("Big5", "王")]
    [InlineData("US-ASCII", "plain")]
    [InlineData("UTF-8", "€ 山田")]
    public void Xml_DeclaredEncoding_IsRead(string encoding, string text)
    {
        var bytes = Encoding.GetEncoding(encoding).GetBytes($"<?xml version='1.0' encoding=\"{encoding}\" standalone='yes'?><a>{text}</a>");
        Assert.Equal(text, Xml(bytes)["a"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("utf-16", true)]
    [InlineData("utf-16BE", true)]
    [InlineData("utf-16", false)]
    [InlineData("utf-16BE", false)]
    public void Xml_OfTwoBytesACharacter_IsReadWithAndWithoutMark(string encoding, bool hasMark)
    {
        var codec = Encoding.GetEncoding(encoding);
        byte[] bytes = [.. hasMark ? codec.GetPreamble() : [], .. codec.GetBytes("<?xml version=\"1.0\" encoding=\"UTF-16\"?><a>山</a>")];
        Assert.Equal("山", Xml(bytes)["a"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("<?xml version='1.0' encoding='x-foo'?><a/>", FaultKind.UnsupportedContent, "has a charset that is not known")]
    [InlineData("<?xml version='1.0' encoding='utf-7'?><a/>", FaultKind.UnsupportedContent, "has a charset that is not known")]
    [InlineData("<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", FaultKind.Malformed, "has a DTD, which is refused")]
    [InlineData("<?xml version='1.0'?><!-- c --><!DOCTYPE a><a/>", FaultKind.Malformed, "has a DTD, which is refused")]
    [InlineData("<a><!-- <!DOCTYPE a> --><b></a>", FaultKind.Malformed, "is not XML: line 1, character")]
    [InlineData("", FaultKind.Malformed, "is not XML: there is no element in it")]
    [InlineData("  \n", FaultKind.Malformed, "is not XML: there is no element in it")]
    [InlineData("<a>", FaultKind.Malformed, "is not XML: line 1")]
    public void Xml_Wrong_SaysWhich(string text, object kind, string message)
    {
        var error = Assert.Throws<ContentException>(() => Xml(Encoding.UTF8.GetBytes(text)));
        Assert.Equal(kind, error.Kind);
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-5.2", "-5.2")]
    [InlineData("+49 30 1", "+49 30 1")]
    [InlineData("+1 (555) 010-9999", "+1 (555) 010-9999")]
    [InlineData("-1.5e-7", "-1.5e-7")]
    [InlineData("-.5", "-.5")]
    [InlineData("- 5", "- 5")]
    [InlineData("-12,5 %", "-12,5 %")]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("+A1", "'+A1")]
    [InlineData("-2+cmd|' /C calc'!A0", "'-2+cmd|' /C calc'!A0")]
    [InlineData("-SUM(1)", "'-SUM(1)")]
    [InlineData("\t=1", "'\t=1")]
    [InlineData("\r=1", "'\r=1")]
    [InlineData("\n=1", "'\n=1")]
    [InlineData("  =1", "'  =1")]
    [InlineData("\tplain", "'\tplain")]
    [InlineData("＝1", "'＝1")]
    [InlineData("plain", "plain")]
    [InlineData("", "")]
    public void Formula_IsDisarmed_NumbersAreNot(string cell, string disarmed)
    {
        Assert.Equal(disarmed, Formulas.Disarm(cell));
        var written = Encoding.UTF8.GetString(CsvContentWriter.Write(new JsonArray(new JsonObject { ["a"] = cell })));
        var isQuoted = disarmed.Length == 0 || disarmed.AsSpan().ContainsAny("\r\n,\"") || disarmed.Trim() != disarmed;
        Assert.Equal($"a\r\n{(isQuoted ? $"\"{disarmed}\"" : disarmed)}\r\n", written);
    }

    [Fact]
    public void Csv_OldWay_EscapesNumbersToo()
    {
        Assert.Equal("-5", Cell(Limits));
        Assert.Equal("'-5", Cell(Limits with { CsvFormulas = "escape_all" }));

        static string Cell(ContentLimitsSection limits) => CsvContentReader.Read("a\n-5", limits)["rows"]![0]!["a"]!.GetValue<string>();
    }

    [Theory]
    [InlineData("Content-Disposition: form-data; name=\"x\"\r\nContent-Disposition: form-data; name=\"role\"")]
    [InlineData("Content-Disposition: form-data; name=\"x\"; name=\"role\"")]
    [InlineData("Content-Disposition: form-data; name=\"x\"; NAME=role")]
    [InlineData("Content-Disposition: form-data; name=x; filename=a; filename=b")]
    [InlineData("Content-Disposition: form-data; name=x\r\nContent-Type: text/plain\r\ncontent-type: image/png")]
    public void Part_WithTwoOfOne_IsRefused(string head)
        => Assert.Equal(FaultKind.Malformed, Assert.Throws<ContentException>(() => Multipart(head, "admin"u8)).Kind);

    [Theory]
    [InlineData("filename*=UTF-8''M%C3%BCller.pdf", "Müller.pdf")]
    [InlineData("filename*=utf-8'de'na%C3%AFve%20file", "naïve file")]
    [InlineData("filename*=iso-8859-1''M%FCller", "Müller")]
    [InlineData("filename=plain; filename*=UTF-8''other", "plain")]
    [InlineData("filename*=broken", "broken")]
    public void Part_WithAnExtendedFileName_IsAFile(string parameter, string filename)
    {
        var data = Multipart($"Content-Disposition: form-data; name=x; {parameter}", [0xFF, 0xD8]);
        Assert.Equal(filename, data["files"]![0]!["filename"]!.GetValue<string>());
        Assert.Empty(data["fields"]!.AsObject());
    }

    private static JsonObject Xml(byte[] bytes) => new XmlContentReader(100).Read(bytes, null);

    private static JsonObject Multipart(string head, ReadOnlySpan<byte> content)
    {
        byte[] body = [.. Encoding.UTF8.GetBytes($"--XX\r\n{head}\r\n\r\n"), .. content, .. "\r\n--XX--\r\n"u8];
        return new MultipartContentReader(Limits, null).Read(body, "XX");
    }
}
