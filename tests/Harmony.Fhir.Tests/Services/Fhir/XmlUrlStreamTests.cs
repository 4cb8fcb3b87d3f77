using System.Text;
using System.Xml.Linq;
using Harmony.Core.Faults;
using Harmony.Fhir.Services.Fhir;

namespace Harmony.Fhir.Tests.Services.Fhir;

/// <summary>Base URLs within XML, however the bytes are cut.</summary>
public sealed class XmlUrlStreamTests
{
    private static readonly BaseMap Bases = new(["https://server/fhir"], "https://gateway/x");

    [Theory]
    [InlineData("""<Bundle><entry><fullUrl value="https://server/fhir/Patient/1"/></entry></Bundle>""")]
    [InlineData("""<Bundle><link><relation value="next"/><url value='https://server/fhir?_getpages=1&amp;n=2'/></link></Bundle>""")]
    [InlineData("""<f:Bundle xmlns:f="http://hl7.org/fhir"><f:entry><f:response><f:location value = "https://server/fhir/Patient/1/_history/1" /></f:response></f:entry></f:Bundle>""")]
    [InlineData("""<?xml version="1.0"?> <!-- <reference value="x"> --><Observation><subject><reference id="a" value="https://server/fhir/Patient/1"></reference></subject></Observation>""")]
    [InlineData("""<CapabilityStatement><implementation><description value="x>y"/><url value="https://server/fhir"/></implementation></CapabilityStatement>""")]
    [InlineData("""<Observation><valueAttachment><contentType value="a/b"/><url value="https://server/fhir/Binary/1"/></valueAttachment></Observation>""")]
    public void UrlOfTheServer_GetsTheOtherBase(string text)
        => Assert.Equal(text.Replace("https://server/fhir", "https://gateway/x", StringComparison.Ordinal), Rewrite(text, 4096));

    [Theory]
    [InlineData("""<Patient><url value="https://server/fhir/Patient/1"/><extension url="https://server/fhir/e"/></Patient>""")]
    [InlineData("""<Patient><text><div xmlns="http://www.w3.org/1999/xhtml">see <a href="https://server/fhir/x">&amp; this</a><br/></div></text></Patient>""")]
    [InlineData("""<Patient><!--<reference value="https://server/fhir/Patient/1"/>--><![CDATA[<reference value="https://server/fhir/Patient/1"/>]]></Patient>""")]
    [InlineData("""<Observation><subject><reference value="https://server/fhir2/Patient/1"/><reference value="Patient/1"/><reference x="https://server/fhir"/></subject></Observation>""")]
    [InlineData("""<?a <reference value="https://server/fhir"/> ?><Patient/>""")]
    [InlineData("""<Patient><reference value="https://server/fhi""")]
    [InlineData("""<Patient><reference""")]
    [InlineData("""<Patient""")]
    [InlineData("""<""")]
    [InlineData("")]
    public void EverythingElse_PassesUnchanged(string text) => Assert.Equal(text, Rewrite(text, 4096));

    [Theory]
    [InlineData("""<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><Patient><id value="&b;"/></Patient>""")]
    [InlineData("""<?xml version="1.0"?><!-- x --><!doctype html><html></html>""")]
    [InlineData("""{"resourceType":"Patient"}""")]
    [InlineData("not xml")]
    [InlineData("</Patient>")]
    [InlineData("<1></1>")]
    [InlineData("<\0P\0")]
    [InlineData("""<Patient <id value="1"/>""")]
    public void WhatIsNoXmlOfFhir_IsRefused(string text)
    {
        Assert.Equal(FaultKind.Protocol, Assert.Throws<GatewayException>(() => Rewrite(text, 4096)).Kind);
        Assert.Equal(FaultKind.Protocol, Assert.Throws<GatewayException>(() => Rewrite(text, 1)).Kind);
    }

    [Theory]
    [InlineData(256, true)]
    [InlineData(257, false)]
    public void Depth_IsLimited(int depth, bool passes)
    {
        var text = string.Concat(Enumerable.Repeat("<a>", depth)) + "<reference value=\"https://server/fhir\"/>";
        if (passes) Assert.EndsWith("https://gateway/x\"/>", Rewrite(text, 4096), StringComparison.Ordinal);
        else Assert.Throws<GatewayException>(() => Rewrite(text, 4096));
    }

    [Fact]
    public void Text_CutAnywhere_IsRewrittenTheSame()
    {
        const string text = """
            <?xml version="1.0" encoding="UTF-8"?><!-- - - > --><Bundle xmlns="http://hl7.org/fhir"><link><url value="https://server/fhir?page=2"/></link><entry><fullUrl value='https://server/fhir/Patient/1'/>
            <resource><Patient><name><family value="Größe &quot;x&quot; &gt;"/></name><![CDATA[ ]] > ]]><generalPractitioner><reference  value = "https://server/fhir/Practitioner/9" ></reference></generalPractitioner></Patient></resource></entry></Bundle>
            """;
        var whole = Rewrite(text, 4096);
        for (var size = 1; size < 80; size++) Assert.Equal(whole, Rewrite(text, size));
        Assert.Equal(3, XDocument.Parse(whole).Descendants().Attributes("value").Count(a => a.Value.StartsWith("https://gateway/x", StringComparison.Ordinal)));
        Assert.DoesNotContain("server", whole, StringComparison.Ordinal);
    }

    [Fact]
    public void LongTexts_PassInPieces()
    {
        var (data, blanks) = (new string('x', 300_000), new string(' ', 200_000));
        var text = $"""<Binary><data value="{data}"/>{blanks}<!--{data}--><a{blanks}b="1"{blanks}/><reference value="https://server/fhir/Patient/{data}"/></Binary>""";
        Assert.Equal(text.Replace("https://server/fhir", "https://gateway/x", StringComparison.Ordinal), Rewrite(text, 70_000));
    }

    [Fact]
    public void Base_WithCharactersOfMarkup_IsEscaped()
    {
        var bases = new BaseMap(["https://server/fhir"], "https://gateway/a&b'c");
        var text = Encoding.UTF8.GetString(Rewrite("<a><reference value='https://server/fhir/Patient/1'/></a>"u8.ToArray(), 4096, null, bases));
        Assert.Equal("https://gateway/a&b'c/Patient/1", XDocument.Parse(text).Root!.Element("reference")!.Attribute("value")!.Value);
    }

    /// <summary>Whether the length is known makes no difference.</summary>
    private static string Rewrite(string text, int pieces)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var rewritten = Rewrite(bytes, pieces, null, Bases);
        Assert.Equal(rewritten, Rewrite(bytes, pieces, bytes.Length, Bases));
        return Encoding.UTF8.GetString(rewritten);
    }

    private static byte[] Rewrite(byte[] bytes, int pieces, long? length, BaseMap bases)
    {
        using var output = new MemoryStream();
        var stream = new XmlUrlStream(new JsonUrlStreamTests.Pieces(bytes, pieces), bases, FaultSource.Backend, length);
        stream.CopyToAsync(output).GetAwaiter().GetResult();
        stream.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return output.ToArray();
    }
}
