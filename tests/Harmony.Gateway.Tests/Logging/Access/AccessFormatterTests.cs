using System.Net;
using System.Text;
using Harmony.Core.Configuration;
using Harmony.Core.Diagnostics;
using Harmony.Gateway.Logging;
using Harmony.Gateway.Logging.Access;
using Microsoft.Extensions.Logging;

namespace Harmony.Gateway.Tests.Logging.Access;

public sealed class AccessFormatterTests
{
    private static readonly AccessRecord Record = new()
    {
        Time = new DateTimeOffset(2026, 11, 21, 10, 30, 0, 123, TimeSpan.FromHours(1)),
        Duration = TimeSpan.FromMilliseconds(12.3456),
        RequestId = "7f3a",
        ClientAddress = IPAddress.Parse("192.0.2.7"),
        User = "alice",
        Protocol = "HTTP/1.1",
        Method = "GET",
        Path = "/orders/7",
        Query = "full=yes",
        Status = 200,
        BytesIn = 10,
        BytesOut = 1024,
        Network = "main",
        Pipeline = "shop",
        Endpoint = "api",
        Backend = "orders",
        Target = "t0",
        TraceId = "4bf92f3577b34da6a3ce929d0e0e4736",
    };

    [Fact]
    public void Common_ARequest_IsTheLineThatEverybodyReads()
        => Assert.Equal("192.0.2.7 - alice [21/Nov/2026:09:30:00 +0000] \"GET /orders/7 HTTP/1.1\" 200 1024\n", Common(Record));

    [Fact]
    public void Common_QueryNamed_FollowsThePath()
        => Assert.Equal("192.0.2.7 - alice [21/Nov/2026:09:30:00 +0000] \"GET /orders/7?full=yes HTTP/1.1\" 200 1024\n", Common(Record, "query"));

    [Fact]
    public void Common_NothingKnown_IsDashes()
        => Assert.StartsWith("- - - [", Common(Record with { ClientAddress = null, User = null }), StringComparison.Ordinal);

    [Fact]
    public void Json_Default_HasEveryFieldButTheQuery()
        => Assert.Equal(
            """{"time":"2026-11-21T09:30:00.123Z","request_id":"7f3a","trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","client_ip":"192.0.2.7","user":"alice","method":"GET","path":"/orders/7","status":200,"bytes_in":10,"bytes_out":1024,"duration_ms":12.346,"network":"main","pipeline":"shop","endpoint":"api","backend":"orders","target":"t0"}""" + "\n",
            Format(Json(new AccessLogSection().Fields), Record));

    [Fact]
    public void Json_FieldsChosen_AreThoseInTheirOrder()
        => Assert.Equal("""{"status":200,"query":"full=yes","protocol":"HTTP/1.1"}""" + "\n", Format(Json(["status", "query", "user", "protocol"]), Record with { User = null }));

    /// <summary>A modality behind NAT is known by its title; UIDs and the patient are named only where that is asked for, the patient never.</summary>
    [Fact]
    public void Json_OfDimse_SaysWhoAndHow_AndOfWhomOnlyByHash()
    {
        var record = Record with
        {
            Dimse = new DimseRecord
            {
                CallingAet = "CT_1", CalledAet = "HARMONY", Status = "A701", SopClassUid = "1.2.840.10008.5.1.4.1.1.2", StudyUid = "1.2.3",
                SeriesUid = "1.2.3.4", InstanceUid = "1.2.3.4.5", PatientId = "P-77",
            },
        };
        Assert.EndsWith(
            ""","target":"t0","calling_aet":"CT_1","called_aet":"HARMONY","dimse_status":"A701"}""" + "\n",
            Format(Json(new AccessLogSection().Fields), record), StringComparison.Ordinal);
        Assert.Equal(
            """{"sop_class_uid":"1.2.840.10008.5.1.4.1.1.2","study_uid":"1.2.3","series_uid":"1.2.3.4","instance_uid":"1.2.3.4.5"}""" + "\n",
            Format(Json(["sop_class_uid", "study_uid", "series_uid", "instance_uid"]), record));
        string[] hashes = ["study_uid_hash", "series_uid_hash", "instance_uid_hash", "patient_id_hash"];
        var hashed = Format(Json(hashes, "a key"), record);
        Assert.Matches("^{(\"[a-z_]+_hash\":\"[0-9a-f]{24}\",?){4}}\n$", hashed);
        Assert.Equal(hashed, Format(Json(hashes, "a key"), record));
        Assert.NotEqual(hashed, Format(Json(hashes, "another"), record));
        Assert.NotEqual(Format(Json(hashes), record), Format(Json(hashes), record)); // each start has a key of its own
        Assert.Equal("{}\n", Format(Json(hashes), Record));
    }

    /// <summary>What a client sends can neither end a line, nor a field, nor steer a terminal.</summary>
    [Theory]
    [InlineData("/a\r\n127.0.0.1 - admin [forged] \"GET /b HTTP/1.1\" 200 0")]
    [InlineData("/\u001b[31m\u009b\u202e\u2028")]
    [InlineData("/\\\" 200 0")]
    public void AnyFormat_HostileText_StaysWithinItsField(string hostile)
    {
        var record = Record with { Path = hostile, Method = hostile, User = hostile + " \"" };
        var common = Common(record);
        var json = Format(Json(["method", "path", "user"]), record);
        Assert.All([common, json], line => Assert.DoesNotContain(line[..^1], c => char.IsControl(c) || c is '\u2028'));
        Assert.DoesNotContain('\u202e', common);
        var fields = common.Replace("\\\\", "", StringComparison.Ordinal).Replace("\\\"", "", StringComparison.Ordinal);
        Assert.Equal(2, fields.Count(c => c == '"'));
        Assert.Equal(5, common.Split(" [")[0].Split(' ').Length + 2);
        Assert.Equal(hostile, System.Text.Json.JsonDocument.Parse(json).RootElement.GetProperty("path").GetString());
    }

    private static JsonAccessFormatter Json(IReadOnlyList<string> fields, string? key = null) => new(fields, new ValueHash(key));

    private static string Common(in AccessRecord record, params string[] fields) => Format(new CommonAccessFormatter(fields.Contains("query")), record);

    private static string Format(IAccessFormatter formatter, in AccessRecord record)
    {
        using var line = new LogLine(LogLevel.Information);
        formatter.Format(record, line);
        return Encoding.UTF8.GetString(line.Bytes);
    }
}
