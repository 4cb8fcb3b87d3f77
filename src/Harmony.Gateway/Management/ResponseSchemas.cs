using System.Text.Json.Nodes;

namespace Harmony.Gateway.Management;

/// <summary>
/// What operations respond with, as schemas of OpenAPI 3.1 under names; <see cref="Operation.Response"/> is one of the names. Every member is always there
/// unless a schema says otherwise, and there are no others; a test compares what a gateway responds with.
/// </summary>
internal static class ResponseSchemas
{
    /// <summary>The name of what every error is.</summary>
    public const string Error = "Error";

    /// <summary>Members that every object of a schema has, unless <c>required</c> says which.</summary>
    private const string Document = """
        {
          "Error": {"type": "object", "required": ["error"], "properties": {"error": {"type": "string"}, "message": {"type": "string"}}},
          "Info": {"type": "object", "properties": {
            "version": {"type": "string"}, "uptime": {"type": "integer", "description": "seconds"}, "os": {"type": "string"}, "arch": {"type": "string"},
            "started_at": {"type": "string", "format": "date-time"}, "id": {"type": ["string", "null"]}, "name": {"type": ["string", "null"]},
            "status": {"enum": ["starting", "ready", "draining"]}}},
          "Pipelines": {"type": "object", "properties": {"pipelines": {"type": "array", "items": {"type": "object",
            "required": ["id", "description", "networks", "endpoints", "backends", "active", "inactive_reason"], "properties": {
            "id": {"type": "string"}, "description": {"type": "string"}, "networks": {"$ref": "#/Names"}, "endpoints": {"$ref": "#/Names"},
            "backends": {"$ref": "#/Names"},
            "middleware": {"$ref": "#/Names"}, "middleware_left": {"$ref": "#/Names"}, "middleware_right": {"$ref": "#/Names"},
            "active": {"type": "boolean"}, "inactive_reason": {"type": ["string", "null"]}}}}}},
          "Routes": {"type": "object", "properties": {"routes": {"type": "array", "items": {"type": "object", "properties": {
            "path": {"type": "string"}, "prefix": {"type": "boolean"}, "methods": {"$ref": "#/Names", "description": "* is every method"},
            "description": {"type": "string"},
            "endpoint_name": {"type": "string"}, "service_type": {"type": "string"}, "pipeline": {"type": "string"}, "networks": {"$ref": "#/Names"}}}}}},
          "Targets": {"type": "object", "properties": {"targets": {"type": "array", "items": {"type": "object", "properties": {
            "backend": {"type": "string"}, "name": {"type": "string"}, "url": {"type": "string"}, "weight": {"type": "integer"}, "healthy": {"type": "boolean"},
            "state": {"enum": ["up", "down", "unknown"]}, "since": {"type": ["string", "null"], "format": "date-time"}, "reason": {"type": ["string", "null"]},
            "enabled": {"type": "boolean"}, "in_flight": {"type": "integer"}, "answered": {"type": "integer"}, "failed": {"type": "integer"},
            "latency_ms": {"type": ["object", "null"], "description": "Of the last 256 answers.", "properties": {
              "last": {"type": "number"}, "p50": {"type": "number"}, "p95": {"type": "number"}}},
            "last_error": {"type": ["string", "null"]}, "last_error_at": {"type": ["string", "null"], "format": "date-time"}}}}}},
          "Failures": {"type": "object", "properties": {"failed": {"$ref": "#/Requests"}, "refused": {"$ref": "#/Requests"}}},
          "Requests": {"type": "array", "maxItems": 100, "items": {"type": "object", "properties": {
            "at": {"type": "string", "format": "date-time"}, "request_id": {"type": "string"}, "method": {"type": "string"}, "status": {"type": "integer"},
            "duration_ms": {"type": "number"}, "network": {"type": "string"}, "pipeline": {"type": ["string", "null"]}, "backend": {"type": ["string", "null"]},
            "target": {"type": ["string", "null"]}, "reason": {"type": "string"}}}},
          "Config": {"type": "object", "properties": {
            "version": {"type": "integer"}, "files": {"$ref": "#/Names"}, "environment_variables": {"$ref": "#/Names"}, "config": {"$ref": "#/Tables"}}},
          "ConfigStatus": {"type": "object", "properties": {
            "config_file_path": {"type": "string"}, "config_last_modified": {"type": "string", "format": "date-time"}, "version": {"type": "integer"},
            "applied_at": {"type": "string", "format": "date-time"}, "runs_from_history": {"type": "boolean"},
            "last_attempt": {"type": "object", "properties": {
              "at": {"type": "string", "format": "date-time"}, "reason": {"type": "string"}, "succeeded": {"type": "boolean"},
              "problems": {"$ref": "#/Problems"}}},
            "certificates": {"type": "array", "items": {"type": "object", "properties": {
              "used_by": {"type": "string"}, "file": {"type": "string"}, "not_after": {"type": "string", "format": "date-time"},
              "days_left": {"type": "integer"}}}},
            "draining_configurations": {"type": "integer"}, "in_flight": {"type": "integer"},
            "current_networks": {"type": "object", "additionalProperties": {"type": "object", "properties": {
              "bind_address": {"type": ["string", "null"]}, "bind_port": {"type": ["integer", "null"]},
              "interface": {"type": ["string", "null"]}, "wireguard_enabled": {"type": "boolean"}}}},
            "running_networks": {"$ref": "#/Names"}, "closed_networks": {"$ref": "#/Names"}, "closed_endpoints": {"$ref": "#/Names"},
            "proxy_id": {"type": ["string", "null"]}, "log_level": {"type": "string"},
            "mesh": {"$ref": "#/Tables"}, "ingress": {"$ref": "#/Tables"}, "egress": {"$ref": "#/Tables"}, "remote_ingress": {"$ref": "#/Tables"}}},
          "History": {"type": "object", "properties": {"versions": {"type": "array", "items": {"type": "object", "properties": {
            "version": {"type": "integer"}, "current": {"type": "boolean"}, "applied_at": {"type": "string", "format": "date-time"},
            "reason": {"type": "string"},
            "changes": {"type": "string", "description": "tables or files: + added, - removed, ~ changed; empty where there was none before"},
            "sha256": {"type": "string"}, "files": {"$ref": "#/Names"}}}}}},
          "Validation": {"type": "object", "properties": {
            "valid": {"type": "boolean"}, "problems": {"$ref": "#/Problems"}, "added": {"$ref": "#/Names"}, "removed": {"$ref": "#/Names"},
            "changed": {"$ref": "#/Names"},
            "diff": {"$ref": "#/Names"}, "listeners_added": {"$ref": "#/Names"}, "listeners_removed": {"$ref": "#/Names"}}},
          "Trial": {"type": "object", "properties": {
            "method": {"type": "string"}, "path": {"type": "string"}, "network": {"type": ["string", "null"]}, "pipeline": {"type": ["string", "null"]},
            "steps": {"type": "array", "items": {"type": "object", "properties": {
              "part": {"type": "string"}, "name": {"type": "string"}, "type": {"type": "string"}, "said": {"type": "string"},
              "log": {"$ref": "#/Names"}, "changes": {"$ref": "#/Names"}, "body_diff": {"$ref": "#/Names"}}}},
            "outcome": {"type": "string"}, "status": {"type": ["integer", "null"]}, "dimse_status": {"type": ["string", "null"]},
            "headers": {"$ref": "#/Names"}, "body": {"type": ["string", "null"]}}},
          "Outcome": {"type": "object", "properties": {
            "applied": {"type": "boolean"}, "version": {"type": "integer"}, "reason": {"type": "string"}, "problems": {"$ref": "#/Problems"}}},
          "Problems": {"type": "array", "items": {"type": "object", "properties": {
            "severity": {"enum": ["error", "warning"]}, "file": {"type": "string"}, "line": {"type": "integer"}, "column": {"type": "integer"},
            "message": {"type": "string"}}}},
          "Status": {"type": "object", "properties": {"status": {"enum": ["alive", "starting", "ready", "draining"]}}},
          "Draining": {"type": "object", "properties": {"status": {"const": "draining"}, "in_flight": {"type": "integer"}}},
          "Log": {"type": "object", "properties": {
            "entries": {"$ref": "#/Names"}, "last": {"type": "integer", "description": "for after= of the next request"}}},
          "LogLevel": {"type": "object", "properties": {"level": {"type": "string"}, "override": {"type": ["string", "null"]}}},
          "CloudOutcome": {"type": "object", "required": ["success", "message"], "additionalProperties": true, "properties": {
            "success": {"type": "boolean"}, "message": {"type": "string"}}},
          "CloudStatus": {"type": "object", "required": ["enabled"], "additionalProperties": true, "properties": {
            "enabled": {"type": "boolean"}, "authorized": {"type": "boolean"}}},
          "OpenApi": {"type": "object", "required": ["openapi", "info", "paths", "components"], "additionalProperties": true},
          "Tables": {"type": "object", "additionalProperties": true},
          "Names": {"type": "array", "items": {"type": "string"}}
        }
        """;

    /// <summary>All schemas, for <c>components</c> of the description.</summary>
    public static JsonObject All()
    {
        var all = (JsonObject)JsonNode.Parse(Document.Replace("\"#/", "\"#/components/schemas/", StringComparison.Ordinal))!;
        foreach (var schema in all.Select(s => s.Value)) Close(schema);
        return all;
    }

    /// <summary>Objects have all their members, and no other.</summary>
    private static void Close(JsonNode? schema)
    {
        if (schema is JsonArray array)
        {
            foreach (var item in array) Close(item);
        }

        if (schema is not JsonObject table) return;
        if (table["properties"] is JsonObject properties)
        {
            table["required"] ??= new JsonArray([.. properties.Select(p => (JsonNode)p.Key)]);
            table["additionalProperties"] ??= false;
        }

        foreach (var value in table.Select(m => m.Value).ToList()) Close(value);
    }
}
