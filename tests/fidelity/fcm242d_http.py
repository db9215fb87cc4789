"""FCM242D&FGM842D AT Commands Manual, chapter Examples: HTTP and HTTPS.

Bodies of answers are shown as the manual shows them, `<body>` and all: no server has served them.
"""

from tests.fidelity.dialogue import Dialogue, Need
from tests.fidelity.fcm242d_examples import CERTIFICATES

_CROSS = "the conversion made a multiplication sign of the X of a cipher suite"

_GET_SETTINGS = """
AT+QHTTPCFG="rsp/header",1
OK
AT+QHTTPCFG="url","http://www.example.com"
OK
"""

_GET = """
AT+QHTTPGET=80
OK
+QHTTPGET: 0,200,601710

AT+QHTTPREAD=80
CONNECT
HTTP/1.1 200 OK
Server: nginx
Date: Tue, 12 Sep 2017 05:57:29 GMT
Content-Type: text/html
Content-Length: 601710
Connection: close
Last-Modified: Tue, 12 Sep 2017 05:54:48 GMT
Vary: Accept-Encoding
Expires: Tue, 12 Sep 2017 05:58:28 GMT
Cache-Control: max-age=60
X-Powered-By: shci_v1.03
Age: 1
<body>
OK
+QHTTPREAD: 0
"""

_ECHO_URL = """
AT+QHTTPCFG="url","http://example.com/DEMOWebServices2.8/Service.asmx/Echo?"
OK
"""

_ECHO_BODY = """
CONNECT
<?xml version="1.0" encoding="utf-8"?>
<string xmlns="httpHTTPs://example.com/webservices2.3">Message='HelloQuectel' \
ASCII:72 101 108 108 111 81 117 101 99 116 101 108 </string>
OK
+QHTTPREAD: 0
"""

_POST = f"""
AT+QHTTPPOST=20,80,80
CONNECT
{{Message=HelloQuectel}}
OK
+QHTTPPOST: 0,200,177
AT+QHTTPREAD=80
{_ECHO_BODY}
"""

_PUT = f"""
AT+QHTTPPUT=20,80,80
CONNECT
{{Message=HelloQuectel}}
OK
+QHTTPPUT: 0,200,177
AT+QHTTPREAD=80
{_ECHO_BODY}
"""

_TLS_GET_SETTINGS = """
AT+QHTTPCFG="rsp/header",1
OK
AT+QHTTPCFG="sslctxid",1
OK
AT+QSSLCFG="sslversion",1,1
OK
AT+QSSLCFG="ciphersuite",1,0X0005
OK
AT+QSSLCFG="seclevel",1,0
OK
AT+QHTTPCFG="url","https://www.example.com"
OK
"""

_TLS_GET = """
AT+QHTTPGET=80
OK
+QHTTPGET: 0,200,21472

AT+QHTTPREAD=80
CONNECT
HTTP/1.1 200 OK
Server: Tengine/2.1.0
Date: Tue, 12 Sep 2017 05:54:34 GMT
Content-Type: text/html; charset=utf-8
Content-Length: 21451
Connection: keep-alive
<body>
OK
+QHTTPREAD: 0
"""

_TLS_SETTINGS = """
AT+QHTTPCFG="sslctxid",1
OK
AT+QSSLCFG="sslversion",1,1
OK
AT+QSSLCFG="ciphersuite",1,0X0005
OK
AT+QSSLCFG="seclevel",1,2
OK
"""

_TLS_FILES = """
AT+QFOPEN="ca.pem"
+QFOPEN: 1
OK
AT+QFWRITE=1,1757
CONNECT
{CA certificate}
+QFWRITE: 1757,1757
OK
AT+QFCLOSE=1
OK

AT+QFOPEN="user.pem"
+QFOPEN: 1
OK
AT+QFWRITE=1,1684
CONNECT
{client certificate of 1684 bytes}
+QFWRITE: 1684,1684
OK
AT+QFCLOSE=1
OK

AT+QFOPEN="user_key.pem"
+QFOPEN: 1
OK
AT+QFWRITE=1,2455
CONNECT
{client key}
+QFWRITE: 2455,2455
OK
AT+QFCLOSE=1
OK

AT+QSSLCFG="cacert",1,"ca.pem"
OK
AT+QSSLCFG="clientcert",1,"user.pem"
OK
AT+QSSLCFG="clientkey",1,"user_key.pem"
OK
"""

_ORDER_URL = """
AT+QHTTPCFG="url","https://192.0.2.2:8011/processorder.php"
OK
"""

_ORDER_BODY = """
AT+QHTTPREAD=80
CONNECT
<html>
<head>
<title>Quectel's Auto Parts - Order Results</title>
</head>
<body>
<h1>Quectel's Auto Parts</h1>
<h2>Order Results</h2>
<p>Order processed at 02:49, 27th December</p><p>Your order is as follows: </p>\
1111 message<br />2222 apple<br />3333 orange<br /></body>
</html>
OK
+QHTTPREAD: 0
"""

_TLS_POST = f"""
AT+QHTTPPOST=48,80,80
CONNECT
{{Message=1111&Appleqty=2222&Orangeqty=3333&find=1}}
OK
+QHTTPPOST: 0,200,285
{_ORDER_BODY}
"""

_TLS_PUT = f"""
AT+QHTTPPUT=48,80,80
CONNECT
{{Message=1111&Appleqty=2222&Orangeqty=3333&find=1}}
OK
+QHTTPPUT: 0,200,285
{_ORDER_BODY}
"""

_SERVER = (Need.WIFI, Need.HTTP)

HTTP_EXAMPLES = (
    Dialogue("HTTP GET, settings", _GET_SETTINGS),
    Dialogue("HTTP GET", _GET, needs=_SERVER),
    Dialogue("HTTP POST, settings", _ECHO_URL),
    Dialogue("HTTP POST", _POST, needs=_SERVER),
    Dialogue("HTTP PUT, settings", _ECHO_URL),
    Dialogue("HTTP PUT", _PUT, needs=_SERVER),
    Dialogue("HTTPS GET, settings", _TLS_GET_SETTINGS, note=_CROSS),
    Dialogue("HTTPS GET", _TLS_GET, needs=_SERVER),
    Dialogue(
        "HTTPS POST, settings and certificates",
        _TLS_SETTINGS + _TLS_FILES + _ORDER_URL,
        payloads=CERTIFICATES,
        note=_CROSS,
    ),
    Dialogue("HTTPS POST", _TLS_POST, needs=_SERVER),
    Dialogue("HTTPS PUT, settings", _TLS_SETTINGS + _ORDER_URL, note=_CROSS),
    Dialogue("HTTPS PUT", _TLS_PUT, needs=_SERVER),
)
