using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Harmony.Core.Configuration;
using Harmony.Core.Content;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Core.Tests.Fakes;

namespace Harmony.Core.Tests.Content;

public class ContentReaderTests
{
    [Theory]
    [InlineData("application/json", """{"a":1}""", """{"a":1}""", "json")]
    [InlineData("application/fhir+json; charset=UTF-8", "[1]", "[1]", "json")]
    [InlineData(null, "{}", "{}", "json")]
    [InlineData("text/xml", "<a b='1'>x</a>", """{"a":{"@b":"1","#text":"x"}}""", "xml")]
    [InlineData("application/soap+xml", "<s:E xmlns:s='u'><s:B/></s:E>", """{"s:E":{"@xmlns:s":"u","s:B":""}}""", "xml")]
    [InlineData("TEXT/CSV", "a,b\r\n1, =2 \r\n", """{"rows":[{"a":"1","b":"'=2"}],"row_count":1}""", "csv")]
    [InlineData("application/x-www-form-urlencoded", "a=1&b%5B%5D=2&b[]=3&c=x+y", """{"a":"1","b":["2","3"],"c":"x y"}""", "form")]
    [InlineData("text/plain", "hello", "\"hello\"", "text")]
    [InlineData("text/html", "<p>", "\"<p>\"", "text")]
    [InlineData("text/plain", " {\"a\":1}", """{"a":1}""", "text")]
    [InlineData("application/x-own", "[1]", "[1]", "unknown")]
    public async Task Read_ByContentType_GivesItsShape(string? type, string body, string expected, string format)
    {
        var request = type is null ? Requests.Post(body) : Requests.Post(body, ("content-type", type));
        AssertJson(expected, await Reader().ReadAsync(request, default));
        var metadata = ContentMetadata.Describe(request.Body, request.Headers);
        Assert.Equal((format, "Success", type
            ?? "application/json"), ((string?)metadata["format"], (string?)metadata["parse_status"], (string?)metadata["content_type"]));
    }

    [Theory]
    [InlineData("application/octet-stream", """{"name":"A"}""", """{"name":"A"}""")]
    [InlineData("application/x-www-form-urlencoded", """{"name":"A"}""", """{"name":"A"}""")]
    [InlineData("image/png", " [1]", "[1]")]
    [InlineData("text/csv", """{"a":[1,2]}""", """{"a":[1,2]}""")]
    [InlineData("application/xml", "{}", "{}")]
    [InlineData("multipart/form-data; boundary=b", "{}", "{}")]
    [InlineData("application/x-own", "[1]", "[1]")]
    [InlineData("application/x-www-form-urlencoded", "a=1", """{"a":"1"}""")]
    [InlineData("text/csv", "a\r\n1", """{"rows":[{"a":"1"}],"row_count":1}""")]
    public async Task ReadJson_WhatIsJson_IsReadWhateverItIsCalled(string type, string body, string expected)
    {
        var request = Requests.Post(body, ("content-type", type));
        AssertJson(expected, await Reader().ReadJsonAsync(request, default));
        Assert.Equal(body, await new StreamReader(request.Body.OpenStream()).ReadToEndAsync());
    }

    [Theory]
    [InlineData("application/json; charset=utf-8; charset=utf-16")]
    [InlineData("multipart/form-data; boundary=a; boundary=b")]
    public async Task Read_ParameterTwice_IsMalformed(string type)
    {
        var error = await Assert.ThrowsAsync<GatewayException>(async () => await Reader().ReadAsync(Requests.Post("{}", ("content-type", type)), default));
        Assert.Equal(FaultKind.Malformed, error.Kind);
    }

    [Theory]
    [InlineData("multipart/form-data; boundary=b", true)]
    [InlineData("application/dicom", true)]
    [InlineData("application/json", false)]
    public async Task Read_LargeBody_KeepsInAFileWhatOnlyTheNextSystemWants(string type, bool inFile)
    {
        var content = new string('7', 90_000);
        var body = type.StartsWith("multi", StringComparison.Ordinal)
            ? $"--b\r\ncontent-disposition: form-data; name=f; filename=f\r\n\r\n{content}\r\n--b--"
            : content;
        using var request = Requests.Post(new MemoryStream(Encoding.ASCII.GetBytes(body)), ("content-type", type));

        var data = await Reader().ReadAsync(request, default);

        Assert.Equal((inFile, true), (!request.Body.IsBuffered, request.Body.IsKept));
        for (var i = 0; i < 2; i++) Assert.Equal(body, await new StreamReader(request.Body.OpenStream()).ReadToEndAsync());
        var facts = inFile ? data!["files"]?[0] ?? data : null;
        if (inFile) Assert.Equal((90_000, Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(content)))),
            ((int)facts!["size"]!, (string?)facts["checksum"]));
    }

    [Fact]
    public async Task Read_Multipart_FindsFieldsAndFiles()
    {
        const string body = "preamble\r\n--x-y \r\ncontent-disposition: form-data; name=\"a\"\r\n\r\n1\r\n--x-y\r\nContent-Disposition: form-data; name=f; "
            + "filename=\"a \\\"b\\\".txt\"\r\n"
            + "Content-Type: text/plain\r\n\r\nabc\r\n--x-y\r\nContent-Disposition: form-data; name=\"e\"\r\n\r\n\r\n--x-y--\r\nepilogue";
        var data = await Reader().ReadAsync(Requests.Post(body, ("content-type", "multipart/form-data; boundary=x-y")), default);
        AssertJson("""
            {"fields":{"a":"1","e":""},"files":[{"name":"f","filename":"a \"b\".txt","content_type":"text/plain","size":3,
            "checksum":"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}]}
            """, data);
    }

    [Fact]
    public async Task Read_BinaryOfAClient_IsDescribedAndUntouched()
    {
        var request = Requests.Post("abc", ("content-type", "image/png"));
        AssertJson("""{"format":"binary","content_type":"image/png","size":3,"checksum":"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}""",
            await Reader().ReadAsync(request, default));
        Assert.Equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", request.Body.Content!.Checksum);
        Assert.Equal("abc"u8.ToArray(), request.Body.BufferedBytes.ToArray());
    }

    [Fact]
    public async Task Read_BinaryOfABackend_HasItsBytes()
        => Assert.Equal("YWJj", (string?)(await Reader().ReadAsync(Answer("abc", "application/dicom"), default))!["body_b64"]);

    [Fact]
    public async Task Read_Empty_IsNullWhateverItsType()
    {
        var request = Requests.Post("", ("content-type", "text/xml"), ("content-encoding", "gzip"));
        Assert.Null(await Reader().ReadAsync(request, default));
        Assert.Equal((ContentFormat.Empty, ParseStatus.NotAttempted), (request.Body.Content!.Format, request.Body.Content.ParseStatus));
    }

    [Fact]
    public async Task Read_UnknownType_IsNullAndPasses()
    {
        var request = Requests.Post("{not json", ("content-type", "application/x-own"));
        Assert.Null(await Reader().ReadAsync(request, default));
        Assert.Equal(ParseStatus.Unsupported, request.Body.Content!.ParseStatus);
        Assert.Equal("{not json"u8.ToArray(), request.Body.BufferedBytes.ToArray());
    }

    [Fact]
    public async Task Read_Twice_ParsesOnceAndKeepsTheBytes()
    {
        var request = Requests.Post("<a/>", ("content-type", "text/xml"));
        Assert.Same(await Reader().ReadAsync(request, default), await Reader().ReadAsync(request, default));
        Assert.Equal("<a/>"u8.ToArray(), request.Body.BufferedBytes.ToArray());
    }

    [Theory]
    [InlineData("application/json; charset=iso-8859-1", "iso-8859-1", false)]
    [InlineData("application/json; charset=\"UTF-16\"", "utf-16", false)]
    [InlineData("application/json", "utf-16BE", true)]
    [InlineData("application/json", "utf-16", true)]
    [InlineData("application/json; charset=latin1", "utf-8", true)]
    [InlineData("application/json; charset=windows-1252", "iso-8859-1", false)]
    public async Task Read_OtherCharsets_AreHonoured(string type, string encoding, bool marked)
    {
        var coding = Encoding.GetEncoding(encoding);
        byte[] bytes = [.. marked ? coding.GetPreamble() : [], .. coding.GetBytes("\"Müller\"")];
        Assert.Equal("Müller", (string?)await Reader().ReadAsync(Sent(bytes, type), default));
    }

    [Theory]
    [InlineData("text/xml", "<?xml version='1.0' encoding='iso-8859-1'?><a>ü</a>")]
    [InlineData("text/xml; charset=iso-8859-1", "<?xml version='1.0' encoding='utf-8'?><a>ü</a>")]
    public async Task Read_XmlInLatin1_ContentTypeOutweighsDeclaration(string type, string text)
        => AssertJson("""{"a":"ü"}""", await Reader().ReadAsync(Sent(Encoding.Latin1.GetBytes(text), type), default));

    [Theory]
    [InlineData("gzip")]
    [InlineData("X-GZIP")]
    [InlineData("br")]
    [InlineData("deflate")]
    [InlineData("deflate, gzip")]
    [InlineData("identity")]
    public async Task Read_Coded_IsReadPlainAndForwardedAsItCame(string coding)
    {
        var bytes = coding.Split(", ").Aggregate("""{"a":1}"""u8.ToArray(), Packed);
        var request = Sent(bytes, "application/json", coding);
        AssertJson("""{"a":1}""", await Reader().ReadAsync(request, default));
        Assert.Equal(bytes, request.Body.BufferedBytes.ToArray());
        Assert.Equal(bytes.Length, request.Body.Content!.OriginalSize);
    }

    [Fact]
    public async Task Read_DeflateWithoutZlibHead_IsRead()
        => AssertJson("[1]", await Reader().ReadAsync(Sent(Packed("[1]"u8.ToArray(), "raw"), "application/json", "deflate"), default));

    [Theory]
    [InlineData("application/json", "{", FaultKind.Malformed, "the body is not JSON: line 1, byte 2")]
    [InlineData(null, "hello", FaultKind.Malformed, "the body is not JSON: line 1, byte 1")]
    [InlineData("text/xml", "<a>", FaultKind.Malformed, "the body is not XML: line 1, character ")]
    [InlineData("text/csv", "a\n\"1", FaultKind.Malformed, "the body is not CSV: a quote on line 2 is not closed")]
    [InlineData("text/csv", "a\n1,2", FaultKind.Malformed, "the body is not CSV: the row that ends on line 2 has more cells than the header")]
    [InlineData("text/csv", "a,a", FaultKind.Malformed, "the body is not CSV: two columns have one name")]
    [InlineData("text/csv", "a\n\"1\"2", FaultKind.Malformed, "the body is not CSV: line 2 goes on behind a closing quote")]
    [InlineData("text/csv", "a\n1\n2\n3\n4", FaultKind.TooLarge, "the body has more rows than content_limits.max_csv_rows = 3")]
    [InlineData("text/csv", "a,b,c,d,e", FaultKind.TooLarge, "the body has more columns than content_limits.max_form_fields = 4")]
    [InlineData("text/xml", "<a><a><a/></a></a>", FaultKind.Malformed, "the body nests XML elements deeper than content_limits.max_xml_depth = 2")]
    [InlineData("application/x-www-form-urlencoded", "a&a&a&a&a", FaultKind.TooLarge, "the body has more fields than content_limits.max_form_fields = 4")]
    [InlineData("application/x-www-form-urlencoded", "a=%ff", FaultKind.Malformed, "the body is not UTF-8")]
    [InlineData("text/plain; charset=ebcdic", "a", FaultKind.UnsupportedContent,
        "the body has a charset that is not known; UTF-8, UTF-16, ISO 8859 and Windows code pages are")]
    [InlineData("text/plain; charset=utf-7", "a", FaultKind.UnsupportedContent,
        "the body has a charset that is not known; UTF-8, UTF-16, ISO 8859 and Windows code pages are")]
    public async Task Read_Unreadable_IsAFaultOfItsSender(string? type, string body, FaultKind kind, string message)
    {
        var request = type is null ? Requests.Post(body) : Requests.Post(body, ("content-type", type));
        var fault = await Assert.ThrowsAsync<GatewayException>(async () => await Reader().ReadAsync(request, default));
        Assert.Equal((FaultSource.Client, kind), (fault.FaultSource, fault.Kind));
        Assert.StartsWith(message, fault.Message, StringComparison.Ordinal);
        Assert.Equal(ParseStatus.Failed, request.Body.Content!.ParseStatus);
        Assert.Equal(Encoding.UTF8.GetBytes(body), request.Body.BufferedBytes.ToArray());

        if (type is null) return; // an answer without a content type may be anything
        var answered = await Assert.ThrowsAsync<GatewayException>(async () => await Reader().ReadAsync(Answer(body, type), default));
        Assert.Equal((FaultSource.Backend, FaultKind.Protocol), (answered.FaultSource, answered.Kind));
        Assert.StartsWith("the body of the response ", answered.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("zstd", FaultKind.UnsupportedContent)]
    [InlineData("gzip, gzip, gzip, gzip", FaultKind.UnsupportedContent)]
    [InlineData("gzip", FaultKind.Malformed)]
    [InlineData("br", FaultKind.Malformed)]
    public async Task Read_CodingThatCannotBeUndone_IsRefused(string coding, FaultKind kind)
        => Assert.Equal(kind, (await Assert.ThrowsAsync<GatewayException>(
            async () => await Reader().ReadAsync(Sent("{}"u8.ToArray(), "application/json", coding), default))).Kind);

    [Fact]
    public async Task Read_AnswerWithoutContentType_IsNotLost()
    {
        var answer = new ResponseEnvelope(Requests.Get(), 200) { Body = Body.FromBytes("<html>"u8.ToArray()) };
        Assert.Null(await Reader().ReadAsync(answer, default));
        Assert.Equal("<html>"u8.ToArray(), answer.Body.BufferedBytes.ToArray());
    }

    internal static ContentReader Reader()
        => new(new ContentLimitsSection { MaxCsvRows = 3, MaxXmlDepth = 2, MaxFormFields = 4, MaxMultipartFiles = 2, MaxBodySize = 100_000 });

    internal static void AssertJson(string expected, JsonNode? actual)
        => Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), actual?.ToJsonString() ?? "null");

    internal static RequestEnvelope Sent(byte[] bytes, string type, string? coding = null)
    {
        var request = coding is null ? Requests.Post("", ("content-type", type)) : Requests.Post("", ("content-type", type), ("content-encoding", coding));
        request.Body.Replace(bytes);
        return request;
    }

    internal static byte[] Packed(byte[] bytes, string coding)
    {
        var packed = new MemoryStream();
        using (Stream stream = coding switch
        {
            "br" => new BrotliStream(packed, CompressionLevel.Fastest),
            "deflate" => new ZLibStream(packed, CompressionLevel.Fastest),
            "raw" => new DeflateStream(packed, CompressionLevel.Fastest),
            "identity" => new BufferedStream(packed),
            _ => new GZipStream(packed, CompressionLevel.Fastest),
        })
        {
            stream.Write(bytes);
        }

        return packed.ToArray();
    }

    private static ResponseEnvelope Answer(string body, string type)
    {
        var answer = new ResponseEnvelope(Requests.Get(), 200) { Body = Body.FromBytes(Encoding.UTF8.GetBytes(body)) };
        answer.Headers.Add("content-type", type);
        return answer;
    }
}
