using System.Text;
using System.Text.Json.Nodes;
using Harmony.Core.Content;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Core.Tests.Fakes;

namespace Harmony.Core.Tests.Content;

public class ContentWriterTests
{
    [Theory]
    [InlineData("application/json", """{"a":1}""", """{"a":1}""", "application/json")]
    [InlineData("application/fhir+json; charset=utf-8", "{}", "{}", "application/fhir+json; charset=utf-8")]
    [InlineData("application/fhir+json; charset=utf-16", "{}", "{}", "application/fhir+json")]
    [InlineData("application/fhir+json; charset=ISO-8859-1", "{}", "{}", "application/fhir+json")]
    [InlineData("application/json; charset=utf-16", "{}", "{}", "application/json")]
    [InlineData(null, "{}", "{}", "application/json")]
    [InlineData("image/png", "{}", "{}", "application/json")]
    [InlineData("text/plain", "{}", "{}", "application/json")]
    [InlineData("text/plain", "\"ü\"", "ü", "text/plain; charset=utf-8")]
    [InlineData("multipart/form-data; boundary=x", """{"fields":{}}""", """{"fields":{}}""", "application/json")]
    [InlineData("text/xml; charset=utf-16", """{"a":{"@b":"\"<\n","#text":"t&","c":[1,null,true],"d":{}}}""",
        """<?xml version="1.0" encoding="utf-8"?><a b="&quot;&lt;&#10;">t&amp;<c>1</c><c/><c>true</c><d></d></a>""", "text/xml; charset=utf-8")]
    [InlineData("application/soap+xml", """{"s:E":{"@xmlns:s":"u","s:B":""}}""",
        """<?xml version="1.0" encoding="utf-8"?><s:E xmlns:s="u"><s:B/></s:E>""", "application/soap+xml; charset=utf-8")]
    [InlineData("text/csv", """{"rows":[{"a":"1,\"2","=b":-5},{"c":{"x":1},"a":"=1"}],"row_count":2}""",
        "a,'=b,c\r\n\"1,\"\"2\",-5,\r\n'=1,,\"{\"\"x\"\":1}\"\r\n", "text/csv; charset=utf-8")]
    [InlineData("application/x-www-form-urlencoded; charset=latin1", """{"a b":"ü&","c":[1,"2"],"d":null}""",
        "a%20b=%C3%BC%26&c%5B%5D=1&c%5B%5D=2&d=", "application/x-www-form-urlencoded")]
    [InlineData("application/json", """{"body_b64":"YWJj","content_type":"image/png"}""", "abc", "image/png")]
    [InlineData("image/jpeg", """{"body_b64":"YWJj"}""", "abc", "image/jpeg")]
    [InlineData("application/json", """{"body_b64":"YWJj","content_type":"a\r\nb: c"}""", "abc", "application/octet-stream")]
    public void Settle_DataOfAStep_GetTheFormOfTheContentType(string? type, string data, string expected, string expectedType)
    {
        var request = Requests.Post("<old/>", ("content-encoding", "gzip"), ("Content-Digest", "x"));
        var response = new ResponseEnvelope(request, 200);
        foreach (var headers in new[] { request.Headers, response.Headers })
        {
            if (type is not null) headers.Add("content-type", type);
        }

        request.Body.Replace(JsonNode.Parse(data));
        response.Body.Replace(JsonNode.Parse(data));
        ContentWriter.Settle(request);
        ContentWriter.Settle(response);
        foreach (var (body, headers) in new[] { (request.Body, request.Headers), (response.Body, response.Headers) })
        {
            Assert.Equal(expected, Encoding.UTF8.GetString(body.BufferedBytes.Span));
            Assert.Equal(expectedType, Assert.Single(headers.GetAll("content-type")));
            Assert.False(headers.Contains("content-encoding") || headers.Contains("content-digest"));
            Assert.Equal(body.BufferedBytes.Length, body.Length);
        }
    }

    [Fact]
    public void Settle_FieldsForTheTarget_OutweighTheClients()
    {
        var request = Requests.Post("<a/>", ("content-type", "text/xml"));
        request.Target = new TargetDetails();
        request.Target.Headers.Set("Content-Type", "text/csv");
        request.Body.Replace(JsonNode.Parse("""[{"a":1}]"""));
        ContentWriter.Settle(request);
        Assert.Equal("a\r\n1\r\n"u8.ToArray(), request.Body.BufferedBytes.ToArray());
        Assert.Equal("text/csv; charset=utf-8", request.Target.Headers["content-type"]);
    }

    [Fact]
    public void Settle_UntouchedOrReplacedByBytes_ChangesNothing()
    {
        var request = Requests.Post("x", ("content-type", "text/xml"), ("content-encoding", "gzip"));
        ContentWriter.Settle(request);
        request.Body.Replace("y"u8.ToArray());
        ContentWriter.Settle(request);
        Assert.Equal("gzip", request.Headers["content-encoding"]);
        Assert.Equal("y"u8.ToArray(), request.Body.BufferedBytes.ToArray());
    }

    [Theory]
    [InlineData("text/xml", """{"a":1,"b":2}""")]
    [InlineData("text/xml", """{"a":[1]}""")]
    [InlineData("text/xml", """{"a b":1}""")]
    [InlineData("text/xml", """{"a":{"@b":{}}}""")]
    [InlineData("text/xml", """{"a":"\u0001"}""")]
    [InlineData("text/xml", """{"undeclared:a":1}""")]
    [InlineData("text/xml", "null")]
    [InlineData("text/csv", """{"a":1}""")]
    [InlineData("text/csv", "[1]")]
    [InlineData("application/x-www-form-urlencoded", """{"a":{"b":1}}""")]
    [InlineData("application/json", """{"body_b64":"%"}""")]
    public void Settle_DataThatDoNotFit_IsTheStepsFault(string type, string data)
    {
        var request = Requests.Post("", ("content-type", type));
        request.Body.Replace(JsonNode.Parse(data));
        var fault = Assert.Throws<GatewayException>(() => ContentWriter.Settle(request));
        Assert.Equal((FaultSource.Gateway, FaultKind.Internal), (fault.FaultSource, fault.Kind));
        Assert.Contains("cannot be written", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text/xml", "<a x='1'><b>2</b><b/><c>t</c></a>")]
    [InlineData("text/csv", "a,b\r\n1,\"x,y\"\r\n")]
    [InlineData("text/csv", "a\r\n1\r\n\"\"\r\n2\r\n")]
    [InlineData("application/x-www-form-urlencoded", "a=1&b[]=2&b[]=%C3%BC")]
    public async Task Settle_WhatWasRead_ReadsTheSameAgain(string type, string body)
    {
        var request = Requests.Post(body, ("content-type", type));
        var data = await ContentReaderTests.Reader().ReadAsync(request, default);
        request.Body.Replace(data!.DeepClone());
        ContentWriter.Settle(request);
        var again = Requests.Post(Encoding.UTF8.GetString(request.Body.BufferedBytes.Span), ("content-type", type));
        ContentReaderTests.AssertJson(data.ToJsonString(), await ContentReaderTests.Reader().ReadAsync(again, default));
    }
}
