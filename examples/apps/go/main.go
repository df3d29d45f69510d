// Members have a picture. This app is asked before one is uploaded, told what was stored, and checks receipts.
package main

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v5"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

const (
	profile      = "avatar"
	quotaBytes   = 1_000_000
	bodyMaxBytes = 1 << 20
)

type object map[string]any

type file struct {
	user      string
	size      int64
	sequencer string // empty until it is stored
}

var (
	members = map[string]bool{"ann": true, "bob": true}

	api           = setting("API_URL") // with the profile: https://upload.example.com/avatar
	bucket        = setting("UPLOAD_BUCKET")
	webhook       = webhookOf(setting("UPLOAD_WEBHOOK_SECRET"))
	receiptSecret = []byte(setting("UPLOAD_RECEIPT_SECRET"))
	notifySecret  = []byte(setting("NOTIFY_SECRET"))

	// A database, in your app.
	mutex    sync.Mutex
	users    = map[string]string{} // by session
	files    = map[string]*file{}  // by key
	pictures = map[string]string{} // by user: a key
)

// Asked: before anything is signed.
func mayUpload(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, bodyMaxBytes))
	if err == nil {
		err = webhook.Verify(body, r.Header) // the bytes as they came
	}
	var asked struct {
		Key    string
		Size   int64
		Caller struct{ Sub string }
	}
	if err != nil || json.Unmarshal(body, &asked) != nil {
		reply(w, http.StatusUnauthorized, object{"message": "not signed by the upload service"})
		return
	}
	mutex.Lock()
	defer mutex.Unlock()
	user := asked.Caller.Sub
	if !members[user] {
		reply(w, http.StatusOK, object{"allow": false, "message": "Only members may upload a picture."})
		return
	}
	left := quotaBytes - bytesOf(user)
	if left < 1 || asked.Size > left {
		reply(w, http.StatusOK, object{"allow": false, "message": fmt.Sprintf("You have %d bytes left.", left)})
		return
	}
	if files[asked.Key] == nil {
		files[asked.Key] = &file{user: user}
	}
	reply(w, http.StatusOK, object{"allow": true, "max_bytes": left, "metadata": object{"user": user}})
}

// Told: at least once for each object, in any order.
func stored(w http.ResponseWriter, r *http.Request) {
	if subtle.ConstantTimeCompare([]byte(r.Header.Get("x-notify-secret")), notifySecret) != 1 {
		reply(w, http.StatusUnauthorized, object{"message": "not from the bucket"})
		return
	}
	var event struct {
		Detail struct {
			Object struct {
				Key, Sequencer string
				Size           int64
			}
		}
	}
	if !read(w, r, &event) {
		return
	}
	mutex.Lock()
	defer mutex.Unlock()
	told := event.Detail.Object
	if file := files[told.Key]; file != nil && told.Sequencer > file.sequencer {
		file.size, file.sequencer = told.Size, told.Sequencer
	}
	reply(w, http.StatusOK, object{})
}

// Proof: what the page says it has stored.
func attach(w http.ResponseWriter, r *http.Request) {
	var given struct{ Receipt string }
	if !read(w, r, &given) {
		return
	}
	mutex.Lock()
	defer mutex.Unlock()
	user := userOf(r)
	if user == "" {
		reply(w, http.StatusUnauthorized, object{"message": "Log in first."})
		return
	}
	key, err := checked(given.Receipt, user)
	if err != nil {
		reply(w, http.StatusForbidden, object{"message": "That is no receipt for a picture of yours."})
		return
	}
	pictures[user] = key
	reply(w, http.StatusOK, object{"picture": key})
}

func checked(receipt, user string) (key string, err error) {
	var claims struct {
		jwt.RegisteredClaims
		Key, Profile string
		Stored       *struct{}
	}
	token, err := jwt.ParseWithClaims(receipt, &claims,
		func(*jwt.Token) (any, error) { return receiptSecret, nil },
		jwt.WithValidMethods([]string{"HS256"}), // never what the receipt itself says
		jwt.WithIssuer("countersign"),
		jwt.WithAudience(bucket),
		jwt.WithSubject(user), // of this app's own session
		jwt.WithExpirationRequired(),
		jwt.WithLeeway(time.Minute))
	switch {
	case err != nil:
		return "", err
	case token.Header["typ"] != "stored+jwt" || claims.Stored == nil: // a grant's is granted+jwt
		return "", errors.New("of another type")
	case claims.Profile != profile:
		return "", errors.New("another kind of upload")
	}
	return claims.Key, nil
}

// Your app has its own; a login asks for more than a name.
func page(w http.ResponseWriter, _ *http.Request) {
	html, err := os.ReadFile("../page.html")
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	io.WriteString(w, strings.ReplaceAll(string(html), "{{API_URL}}", api))
}

func mine(w http.ResponseWriter, r *http.Request) {
	mutex.Lock()
	defer mutex.Unlock()
	user := userOf(r)
	sizes := object{}
	for key, file := range files {
		if file.user == user && file.sequencer != "" {
			sizes[key] = file.size
		}
	}
	answer := object{"files": sizes, "picture": nil}
	if key, has := pictures[user]; has {
		answer["picture"] = key
	}
	reply(w, http.StatusOK, answer)
}

func login(w http.ResponseWriter, r *http.Request) {
	var given struct{ User string }
	if !read(w, r, &given) {
		return
	}
	mutex.Lock()
	defer mutex.Unlock()
	session := rand.Text()
	users[session] = given.User
	http.SetCookie(w, &http.Cookie{Name: "session", Value: session, HttpOnly: true, SameSite: http.SameSiteLaxMode})
	reply(w, http.StatusOK, object{"user": given.User})
}

func userOf(r *http.Request) string {
	cookie, err := r.Cookie("session")
	if err != nil {
		return ""
	}
	return users[cookie.Value]
}

func bytesOf(user string) (sum int64) {
	for _, file := range files {
		if file.user == user {
			sum += file.size
		}
	}
	return sum
}

func read(w http.ResponseWriter, r *http.Request, into any) bool {
	err := json.NewDecoder(http.MaxBytesReader(w, r.Body, bodyMaxBytes)).Decode(into)
	if err != nil {
		reply(w, http.StatusBadRequest, object{"message": "no JSON that is understood"})
	}
	return err == nil
}

func reply(w http.ResponseWriter, status int, value object) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(value)
}

func setting(name string) string {
	value := os.Getenv(name)
	if value == "" {
		log.Fatalf("%s is not set", name)
	}
	return value
}

func webhookOf(secret string) *standardwebhooks.Webhook {
	webhook, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		log.Fatal(err)
	}
	return webhook
}

func main() {
	http.HandleFunc("POST /may-upload", mayUpload)
	http.HandleFunc("POST /stored", stored)
	http.HandleFunc("POST /attach", attach)
	http.HandleFunc("GET /{$}", page)
	http.HandleFunc("GET /mine", mine)
	http.HandleFunc("POST /login", login)
	port := os.Getenv("PORT")
	if port == "" {
		port = "3000"
	}
	log.Fatal(http.ListenAndServe("127.0.0.1:"+port, nil))
}
