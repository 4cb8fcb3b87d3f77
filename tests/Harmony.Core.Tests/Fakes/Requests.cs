using System.Net;
using System.Text;
using Harmony.Core.Envelope;

namespace Harmony.Core.Tests.Fakes;

/// <summary>Requests of a client that wants something simple.</summary>
internal static class Requests
{
    public static RequestEnvelope Get(string path = "/api/ping", string below = "/ping", string query = "", params (string Name, string Value)[] headers)
        => With(Body.Empty(), path, below, query, "GET", headers);

    public static RequestEnvelope Post(string body, params (string Name, string Value)[] headers)
        => With(Body.FromBytes(Encoding.UTF8.GetBytes(body)), "/api/ping", "/ping", "", "POST", headers);

    public static RequestEnvelope Post(Stream body, params (string Name, string Value)[] headers)
        => With(Body.FromStream(body, null), "/api/ping", "/ping", "", "POST", headers);

    private static RequestEnvelope With(Body body, string path, string below, string query, string method, (string Name, string Value)[] headers)
    {
        var fields = new HeaderFields();
        foreach (var (name, value) in headers) fields.Add(name, value);
        return new RequestEnvelope
        {
            Protocol = "http", Method = method, Path = path, PathBelowPrefix = below, Query = query, Headers = fields, Body = body, RequestId = "r1",
            RemoteAddress = IPAddress.Parse("10.0.0.1"), ClientAddress = IPAddress.Parse("192.0.2.7"),
        };
    }
}
